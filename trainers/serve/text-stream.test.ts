import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../../common/random";
import { loadModel } from "../models/load";
import type { ChatTokenizer } from "../models/tokenizer";
import { stopCut, textStream } from "./text-stream";

let tokenizer: ChatTokenizer;
beforeAll(async () => {
  ({ tokenizer } = await loadModel({ source: "tiny", dtype: "float32" }));
});

function streamed(ids: number[]): string[] {
  const stream = textStream(tokenizer.decode);
  return [...ids.map((id) => stream.push(id)), stream.rest()];
}

test("what is told adds up to the whole text, and never holds a part of a character", () => {
  for (const text of ["A plain sentence.", "Größe 漢字かな 👩‍👩‍👧‍👦 🇪🇺", "  two  spaces \n\n\ttab", "é\u0301"]) {
    const parts = streamed(tokenizer.encode(text));
    expect(parts.join("")).toBe(tokenizer.decode(tokenizer.encode(text)));
    for (const part of parts) expect(part).not.toContain("\uFFFD");
  }
});

test("the same of any tokens, which need not be text", () => {
  const random = createRandom("ids");
  for (let round = 0; round < 200; round++) {
    const ids = Array.from({ length: 1 + Math.floor(12 * random()) }, () => 4 + Math.floor(300 * random()));
    expect(streamed(ids).join("")).toBe(tokenizer.decode(ids));
  }
});

/** What a cut lets through of a text that comes in these parts. */
function cut(stops: string[], parts: string[]): string {
  const filter = stopCut(stops);
  return parts.map((part) => filter.push(part)).join("") + filter.rest();
}

test("a text ends before the first stop string, wherever its parts end", () => {
  const text = "one, two; three. four";
  const random = createRandom("cuts");
  for (let round = 0; round < 200; round++) {
    const ends = [...text].flatMap((_, i) => (random() < 0.4 ? [i] : []));
    const parts = [0, ...ends].map((from, i) => text.slice(from, ends[i] ?? text.length));
    expect(cut([], parts)).toBe(text);
    expect(cut([". f", "three"], parts)).toBe("one, two; ");
    expect(cut(["four!", "fourth"], parts)).toBe(text);
    expect(cut(["aa", "o; t"], parts)).toBe("one, tw");
  }
});

test("only what may begin a stop string is held back", () => {
  const filter = stopCut(["\n\nQ:"]);
  expect(["A", " b.\n", "\nR", "\n\nQ", ": c"].map((part) => filter.push(part))).toEqual(["A", " b.", "\n\nR", "", ""]);
  expect(filter.stopped()).toBe(true);
  expect(filter.push("later")).toBe("");
});
