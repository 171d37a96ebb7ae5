import { afterEach, expect, test, vi } from "vitest";
import { createRandom } from "../../common/random";
import { tf } from "../engine/tensorflow";
import { type NativeCache, pageTokens } from "../models/native-model";
import { type CachedRow, emptyRow, pagesFor, pagesOf } from "./pages";

/** What stands in each page, token by token: the op that copies does it here as well. */
const written = vi.hoisted(() => ({ pages: [] as number[][] }));
vi.mock("../models/native-model", async (original) => ({
  ...(await original<typeof import("../models/native-model")>()),
  copyPages: (_: NativeCache, from: number[], to: number[]) => {
    for (const [i, page] of to.entries()) written.pages[page] = [...written.pages[from[i]!]!];
  },
}));
afterEach(() => {
  written.pages = [];
});

function cacheOf(count: number): NativeCache {
  written.pages = Array.from({ length: count }, () => []);
  const keys = tf.zeros([count, 1, 1, pageTokens, 1]);
  return { keys, values: keys };
}

const read = ({ pages, length }: CachedRow) =>
  Array.from({ length }, (_, i) => written.pages[pages[Math.floor(i / pageTokens)]!]![i % pageTokens]!);

test("rows that are forked, extended, cut and freed at random keep their own tokens, and pages are neither lost nor held twice", () => {
  const random = createRandom("pages");
  const below = (count: number) => Math.floor(count * random());
  const pages = pagesOf(cacheOf(400));
  let rows: { cached: CachedRow; tokens: number[] }[] = [{ cached: emptyRow(), tokens: [] }];
  let next = 1;
  let shared = 0;
  for (let step = 0; step < 3000; step++) {
    const one = rows[below(rows.length)]!;
    const does = below(10);
    if (does < 5) {
      const some = rows.filter((row) => row === one || random() < 0.3);
      const count = 1 + below(does === 0 ? 40 : 3);
      pages.extend(
        some.map(({ cached }) => cached),
        count,
      );
      for (const { cached, tokens } of some)
        for (let i = 0; i < count; i++) {
          const at = tokens.push(next) - 1;
          written.pages[cached.pages[Math.floor(at / pageTokens)]!]![at % pageTokens] = next++;
        }
    } else if (does < 7 && rows.length < 12) {
      const length = below(one.tokens.length + 1);
      rows.push({ cached: pages.fork(one.cached, length), tokens: one.tokens.slice(0, length) });
    } else if (does < 8) {
      const length = below(one.tokens.length + 1);
      pages.cut(one.cached, length);
      one.tokens.length = length;
    } else if (rows.length > 1) {
      pages.cut(one.cached, 0);
      rows = rows.filter((row) => row !== one);
    }
    for (const { cached, tokens } of rows)
      if (tokens.length > 260) {
        tokens.length = 30;
        pages.cut(cached, 30);
      }
    for (const { cached, tokens } of rows) {
      expect(read(cached)).toEqual(tokens);
      expect(cached.pages).toHaveLength(pagesFor(tokens.length));
    }
    const all = rows.flatMap(({ cached }) => cached.pages);
    const held = pages.held();
    expect(held.pages).toBe(new Set(all).size);
    shared += all.length - held.pages;
  }
  expect(shared).toBeGreaterThan(1000); // or nothing was tried
});

test("a page that two rows end within is copied for the first that goes on, and the other writes into it", () => {
  const pages = pagesOf(cacheOf(4));
  const first = emptyRow();
  pages.extend([first], 20);
  const second = pages.fork(first);
  expect(pages.held()).toEqual({ pages: 2, tokens: 20 });
  pages.extend([first, second], 1);
  expect(second.pages[0]).toBe(first.pages[0]);
  expect(second.pages[1]).not.toBe(first.pages[1]);
  expect(pages.held()).toEqual({ pages: 3, tokens: 16 + 5 + 5 });
});

test("what is left is taken first, and no more than there is", () => {
  const pages = pagesOf(cacheOf(3));
  const [first, second] = [emptyRow(), emptyRow()];
  pages.extend([first], 17);
  expect(first.pages).toEqual([0, 1]);
  pages.cut(first, 0);
  pages.extend([second], 1);
  expect([0, 1]).toContain(second.pages[0]);
  expect(() => pages.extend([second], 3 * pageTokens)).toThrow("all 3 pages of the cache are held");
});

test("of prompts of about 300 tokens, eight answers of about 200 to each, more than 95 % of what is held is used", () => {
  const random = createRandom("lengths");
  const about = (mean: number) => Math.round(mean * (0.5 + random()));
  const pages = pagesOf(cacheOf(20000));
  let together = 0;
  for (let i = 0; i < 64; i++) {
    const prompt = emptyRow();
    pages.extend([prompt], about(300));
    const whole = prompt.length - (prompt.length % pageTokens); // stands there once; of the rest every answer has its own copy
    together += whole;
    for (let j = 0; j < 8; j++) {
      const answer = pages.fork(prompt);
      pages.extend([answer], about(200));
      together += answer.length - whole;
    }
    pages.cut(prompt, 0);
  }
  const held = pages.held();
  expect(held.tokens).toBe(together);
  expect(held.tokens / (held.pages * pageTokens)).toBeGreaterThan(0.95);
});
