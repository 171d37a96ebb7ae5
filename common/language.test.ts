// 2,000 sentences of 20 languages, of our own writing: each of ten beginnings with each of ten ends (data/languages/clauses.json).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { languageOf } from "./language";

const clauses = z
  .record(z.string(), z.object({ begins: z.array(z.string()).length(10), ends: z.array(z.string()).length(10) }))
  .parse(JSON.parse(readFileSync("data/languages/clauses.json", "utf8")));
const unspaced = ["ja", "th", "zh"];
const sentences = Object.entries(clauses).flatMap(([language, { begins, ends }]) =>
  begins.flatMap((begin) =>
    ends.map((end) => ({ language, text: `${begin}${unspaced.includes(language) ? "" : " "}${end}` })),
  ),
);

test("of 2,000 sentences of 20 languages at least 99 % are told right", () => {
  expect([Object.keys(clauses).length, sentences.length]).toEqual([20, 2000]);
  const wrong = sentences.filter(({ language, text }) => languageOf(text)?.language !== language);
  expect(wrong.length).toBeLessThanOrEqual(20);
});

test("of each language at least 95 of 100 sentences are told right", () => {
  const right = (of: string) =>
    sentences.filter(({ language, text }) => language === of && languageOf(text)?.language === of).length;
  for (const language of Object.keys(clauses)) expect([language, right(language) >= 95]).toEqual([language, true]);
});

test.each(["", "12 + 7 = 19", "🙂🙂🙂"])("nothing is told of %j", (text) => {
  expect(languageOf(text)).toBeNull();
});
