import { afterEach, expect, test, vi } from "vitest";
import { wordsOf } from "./words";

const whole = new Intl.Segmenter("und", { granularity: "word" });
const asOne = (text: string) => [...whole.segment(text)].filter((one) => one.isWordLike).map(({ segment }) => segment);
afterEach(() => void vi.restoreAllMocks());

test.each([
  "港口在春天被疏浚了，六月渡轮又停靠在那里。\n它停靠了三次：一次在五月！",
  "价格是1，000元；也有人说3：2，don't 。a.b、Küste？e\u0301 で",
  "港は春に浚渫された。 カメラ、ｶﾒﾗ ท่าเรือถูกขุดลอกในฤดูใบไม้ผลิ",
])("the words of %j are those of the whole text", (text) => expect(wordsOf(text)).toEqual(asOne(text)));

test("a long text is cut up by clauses, since the segmenter takes minutes for a novel as a whole", () => {
  const cut = vi.spyOn(Intl.Segmenter.prototype, "segment");
  expect(wordsOf("港口在春天被疏浚了，六月渡轮又停靠在那里。\n".repeat(5000))).toHaveLength(11 * 5000);
  expect(Math.max(...cut.mock.calls.map(([text]) => text.length))).toBeLessThan(20);
});
