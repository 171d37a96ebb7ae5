// Verdicts of datatrove 0.10.1's URLFilter (data/golden/make-pages.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { urlRule } from "./url-lists";

const words = z.array(z.string());
const { urls } = z
  .object({
    urls: z.object({
      lists: z.object({
        extra_domains: words,
        extra_urls: words,
        banned_words: words,
        soft_banned_words: words,
        banned_subwords: words,
      }),
      verdicts: z.array(z.tuple([z.string(), z.string().nullable()])),
    }),
  })
  .parse(JSON.parse(readFileSync("data/golden/pages.json", "utf8")));

test("lists leave out the addresses that datatrove leaves out, by the same rule", () => {
  const { lists, verdicts } = urls;
  const rule = urlRule({
    domains: lists.extra_domains,
    urls: lists.extra_urls,
    words: lists.banned_words,
    softWords: lists.soft_banned_words,
    subwords: lists.banned_subwords,
  });
  expect(verdicts.map(([url]) => [url, rule(url)])).toEqual(verdicts);
  expect(new Set(verdicts.map(([, verdict]) => verdict)).size).toBe(7); // each of the six rules, and none
});
