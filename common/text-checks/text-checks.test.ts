// Verdicts of datatrove 0.10.1 and datasketch 2.0.0 (data/golden/make-text-checks.py): the same texts are found, for the same reasons.
import { readFileSync } from "node:fs";
import lists from "naughty-words";
import { expect, test } from "vitest";
import { z } from "zod";
import { resembled } from "../min-hash";
import { plainWords } from "../words";
import { c4BadWords } from "./bad-words";
import { piecesOf, sharedPiece } from "./contamination";
import { gopherQuality, gopherRepetition } from "./gopher";
import { masked } from "./private-data";
import { c4Quality, fineWebQuality } from "./web-text";

const rules = { gopherQuality, gopherRepetition, c4Quality, fineWebQuality };
const verdict = z.string().nullable();
const {
  quality,
  private: personal,
  contamination,
  near,
  badWords,
} = z
  .object({
    quality: z.array(
      z.object({
        text: z.string(),
        gopherQuality: verdict,
        gopherRepetition: verdict,
        c4Quality: verdict,
        fineWebQuality: verdict,
      }),
    ),
    private: z.array(z.object({ text: z.string(), masked: z.string() })),
    contamination: z.object({
      tests: z.array(z.object({ prompt: z.string(), answer: z.string() })),
      texts: z.array(z.object({ text: z.string(), contaminated: z.boolean() })),
    }),
    near: z.array(z.object({ text: z.string(), like: z.number().nullable() })),
    badWords: z.array(
      z.object({
        language: z.string(),
        shape: z.string(),
        number: z.number(),
        isLoud: z.boolean(),
        c4BadWords: verdict,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync("data/golden/text-checks.json", "utf8")));

/** How many of each filter's rules some text breaks: all but the limit of 100,000 words, which has a test of its own below. */
const broken = { gopherQuality: 9, gopherRepetition: 13, c4Quality: 3, fineWebQuality: 4 };
test.each(Object.entries(rules))(
  "%s leaves out the texts that datatrove leaves out, by the same rule",
  (name, rule) => {
    const theirs = quality.map((one) => one[name as keyof typeof rules]);
    expect(quality.map(({ text }) => rule(text)?.rule ?? null)).toEqual(theirs);
    expect(new Set(theirs.filter((one) => one !== null)).size).toBe(broken[name as keyof typeof rules]);
  },
);

test("a page of more than 100,000 words is left out, as Gopher's paper has it", () => {
  const words = (count: number) =>
    "the book of "
      .repeat(count / 3 + 1)
      .split(" ")
      .slice(0, count)
      .join(" ");
  expect([gopherQuality(words(100_000)), gopherQuality(words(100_001))]).toEqual([
    null,
    { rule: "gopher_long_doc", found: 100_001 },
  ]);
});

test("mail and public addresses are masked where datatrove masks them", () => {
  const named = (text: string) => text.replaceAll("MAIL", "[email address]").replaceAll("IP", "[IP address]");
  expect(personal.map(({ text }) => masked(text))).toEqual(personal.map((one) => named(one.masked)));
});

const pem = (kind: string) =>
  `-----BEGIN ${kind}-----\nMIIEpAIBAAKCAQEA4f5wg5l2hKsTeNem\n+1 212 555 0123/x\n-----END ${kind}-----`;
const aws = ["AKIAIOSFODNN7EXAMPLE", "ASIAQWERTYUIOPASDFGH"];
const github = [`ghp_${"a1B2".repeat(9)}`, `github_pat_${"x_9Z".repeat(15)}`];
const api = [`sk-${"aB3".repeat(16)}`, `sk-ant-api03-${"Zz_9-".repeat(8)}`];
test.each([
  ["two keys of a kind", `${aws[0]} or ${aws[1]}; ${aws[0]}`, "[AWS key] or [AWS key]; [AWS key]"],
  ["two tokens of a kind", `TOKEN=${github[0]}\nTOKEN=${github[1]}`, "TOKEN=[GitHub token]\nTOKEN=[GitHub token]"],
  ["keys that end in a hyphen", `"${api[0]}", "${api[1]}"`, '"[API key]", "[API key]"'],
  ["private keys whole", `${pem("RSA PRIVATE KEY")}\nand ${pem("PRIVATE KEY")}`, "[private key]\nand [private key]"],
  ["a key of PGP", `a\n${pem("PGP PRIVATE KEY BLOCK")}\nb`, "a\n[private key]\nb"],
  ["a private key that is cut off", `see ${pem("EC PRIVATE KEY").slice(0, -30)}`, "see [private key]"],
  ["cards", "4111 1111 1111 1111 and 5500-0000-0000-0004", "[card number] and [card number]"],
  ["what overlaps as one", `sk-ant-${"Zz-9x".repeat(13)}@mail.example.org says`, "[API key] says"],
])("masks %s", (_, text, left) => expect(masked(text)).toBe(left));

test("what holds a piece of a test is what datatrove finds contaminated", () => {
  const pieces = piecesOf(contamination.tests);
  const ours = contamination.texts.map(({ text }) => sharedPiece(text, pieces) !== null);
  expect(ours).toEqual(contamination.texts.map(({ contaminated }) => contaminated));
  expect(new Set(ours).size).toBe(2);
});

test("near duplicates are those that datasketch finds, each with the same earlier text, also where both only estimate", () => {
  const rows = near.map(({ text }) => plainWords(text));
  const ours = resembled(rows);
  expect(ours).toEqual(near.map(({ like }) => like));
  const pieces = rows.map((words) => new Set(words.slice(4).map((_, i) => words.slice(i, i + 5).join(" "))));
  const likeness = (a: Set<string>, b: Set<string>) => {
    const shared = [...a].filter((piece) => b.has(piece)).length;
    return shared / (a.size + b.size - shared);
  };
  const most = pieces.map((own, i) => Math.max(0, ...pieces.slice(0, i).map((other) => likeness(own, other))));
  const isLike = (i: number) => ours[i] !== null;
  expect(most.filter((one) => one > 0.6 && one < 0.92).length).toBeGreaterThan(100);
  expect(most.filter((one, i) => one < 0.8 && isLike(i)).length).toBeGreaterThan(0);
  expect(most.filter((one, i) => one >= 0.8 && !isLike(i)).length).toBeGreaterThan(0);
});

test("bad words are found where datatrove finds them, in languages with and without spaces", () => {
  const texts = badWords.map(({ language, shape, number, isLoud }) => {
    const word = lists[language]![number]!;
    return shape.replace("{}", isLoud ? word.toUpperCase() : word);
  });
  expect(texts.map((text, i) => c4BadWords(text, badWords[i]!.language))).toEqual(
    badWords.map((one) => one.c4BadWords),
  );
  expect(c4BadWords("Laŭdinda teksto", "lt")).toBeNull(); // of which there is no list
});
