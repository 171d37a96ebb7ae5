// Where datatrove 0.10.1 counts in another way than one would think.
import { expect, test } from "vitest";
import { gopherQuality } from "./gopher";
import { fineWebQuality } from "./web-text";

test("Gopher wants two different stop words, not one twice", () => {
  const words = Array.from({ length: 60 }, (_, i) => `stone${i}`).join(" ");
  expect(gopherQuality(`${words} the and the`)).toBeNull();
  expect(gopherQuality(`${words} the and`)).toBeNull();
  expect(gopherQuality(`${words} the the the`)).toEqual({ rule: "gopher_enough_stop_words", found: 1 });
});

test("FineWeb's shares are of lines with text: blank ones between paragraphs are neither short nor unfinished", () => {
  const line = (i: number) => `The ${i}. glacier left a lake of about forty square kilometres behind the hills`;
  const page = (end: string) => [1, 2, 3, 4, 5].map((i) => `${line(i)}${end}`).join("\n\n\n\n\n\n\n\n\n\n");
  expect(page(".").split("\n")).toHaveLength(5 + 4 * 9); // blank lines are 88 %
  expect(fineWebQuality([1, 2, 3, 4, 5].map((i) => `${line(i)}.`).join("\n"))).toBeNull();
  expect(fineWebQuality(page("."))).toMatchObject({ rule: "list_ratio" }); // 40 newlines for some 75 words and signs; not "short_line_ratio"
  expect(fineWebQuality(page("").replaceAll("\n\n\n\n\n\n\n\n\n\n", "\n\n"))).toMatchObject({
    rule: "line_punct_ratio",
    found: 0,
  });
  expect(fineWebQuality(page(".").replaceAll("\n\n\n\n\n\n\n\n\n\n", "\n\n\n\n"))).toBeNull(); // 12 newlines
  expect(fineWebQuality("\n \n")).toMatchObject({ rule: "empty" });
});
