import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import compile from "icu-minify/compile";
import { describe, expect, test } from "vitest";
import { languages } from "../../common/languages";
import type { Language } from "../../common/written-language";
import { type MessageKey, texts, translate } from "./messages";

const keys = Object.keys(texts.en) as MessageKey[];
const others = languages.filter((language) => language !== "en");

/** A part of a compiled message: text, a place, or a tag with what is in it. */
type Part = string | number | Part[] | { [branch: string]: Part };
const categories = /^(=\d+|zero|one|two|few|many|other)$/;
const hasBranches = (part: Part | undefined): part is { [branch: string]: Part } =>
  typeof part === "object" && !Array.isArray(part) && "other" in part;

/** Everything in a message that has branches, with the name of the value which chooses. */
interface Choice {
  name: string;
  branches: string[];
}

/** The names of a message's values and, in brackets, of its tags; and its choices. */
function readMessage(text: string): { names: Set<string>; choices: Choice[] } {
  const names = new Set<string>();
  const choices: Choice[] = [];
  const readAll = (parts: Part) => {
    for (const part of Array.isArray(parts) ? parts : []) {
      if (!Array.isArray(part)) continue;
      const [name, kind, ...rest] = part;
      if (kind === undefined || (typeof kind === "number" && rest.length + kind > 0)) names.add(String(name));
      else names.add(`<${name}>`);
      if (hasBranches(rest[0])) {
        choices.push({ name: String(name), branches: Object.keys(rest[0]) });
        for (const branch of Object.values(rest[0])) readAll(branch);
      } else readAll([kind ?? "", ...rest]);
    }
  };
  readAll(compile(text) as Part);
  return { names, choices };
}
const pluralsIn = (text: string) =>
  readMessage(text).choices.filter(({ branches }) => branches.every((branch) => categories.test(branch)));

describe.each(others)("in %s", (language: Language) => {
  test("there is every message, and no other", () => {
    expect(Object.keys(texts[language])).toEqual(keys);
  });

  test("a message has the values and tags that it has in English", () => {
    for (const key of keys)
      expect([key, readMessage(texts[language][key]).names]).toEqual([key, readMessage(texts.en[key]).names]);
  });

  test("a choice by a word, not by a number, is among the same words", () => {
    const words = (text: string) =>
      readMessage(text).choices.filter(({ branches }) => !branches.every((branch) => categories.test(branch)));
    for (const key of keys) expect([key, words(texts[language][key])]).toEqual([key, words(texts.en[key])]);
  });

  test("no message is as it is in English but names, units and what is only made of values", () => {
    const same = keys.filter((key) => texts[language][key] === texts.en[key]);
    expect(
      same.filter((key) => /[a-z]{4}/i.test(texts.en[key].replace(/\{[^}]*\}|<[^>]*>/g, "")) && !shared.includes(key)),
    ).toEqual([]);
  });
});

/** Written alike in several of these languages. */
const shared: MessageKey[] = [
  "screen.prompt",
  "screen.promptFollows",
  "screen.details",
  "screen.enter",
  "screen.startKey",
  "list.pages",
  "name.label",
  "shell.notifications",
  "shell.workbench",
  "shell.ctrl",
  "shell.chat",
  "shell.team",
  "shell.normal",
  "palette.actions",
  "mention.label",
  "access.browser",
  "access.name",
  "access.passkeys",
  "access.passkey",
];

test.each(languages)("each plural in %s has all forms that its numbers take", (language) => {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  for (const key of keys)
    for (const { branches } of pluralsIn(texts[language][key]))
      expect([key, pluralCategories.filter((category) => !branches.includes(category))]).toEqual([key, []]);
});

test("Arabic counts in six forms, German in two, Japanese in one", () => {
  const differing = (language: Language) =>
    [0, 1, 2, 3, 11, 100].map((count) => translate(language, "screen.differing", { count }));
  expect(differing("ar")).toEqual([
    "لا تختلف أي كلمة.",
    "تختلف كلمة واحدة.",
    "تختلف كلمتان.",
    "تختلف 3 كلمات.",
    "تختلف 11 كلمة.",
    "تختلف 100 كلمة.",
  ]);
  expect(new Set(differing("de").map((text) => text.replace(/\d+/, "#")))).toEqual(
    new Set(["# Wort unterscheidet sich.", "# Wörter unterscheiden sich."]),
  );
  expect(new Set(differing("ja").map((text) => text.replace(/\d+/, "#"))).size).toBe(1);
});

test("numbers are written as the language writes them", () => {
  expect(languages.map((language) => translate(language, "screen.hours", { hours: 1.52 }))).toEqual([
    "≈ 1.5 h",
    "≈ 1.5 س",
    "≈ 1,5 h",
    "≈ 1,5 h",
    "≈ 1,5 h",
    "≈ 1.5 時間",
    "≈ 1.5 小时",
  ]);
});

const sources = ["app", "lib", "spec"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /(?<!\.test)\.tsx?$/.test(path))
    .map((path) => readFileSync(join(folder, path), "utf8")),
);
const code = sources.join("\n");
/** What stands before a part of a key that is put in: `vote.why.${reason}`. */
const begins = [...code.matchAll(/`([a-z][a-zA-Z]*\.[a-zA-Z.]*)\$\{/g)].map(([, beginning]) => beginning!);

/** Whether a key stands in the code, or its beginning there and its end as a word of its own. */
const isUsed = (key: string): boolean =>
  code.includes(`"${key}"`) ||
  begins.some((beginning) => {
    const end = key.slice(beginning.length);
    return key.startsWith(beginning) && (/^\d$/.test(end) || new RegExp(`"${end}"|\\b${end}:`).test(code));
  });

test("every message is said somewhere", () => {
  expect(begins.length).toBeGreaterThan(3);
  expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  expect(isUsed("screen.nowhere") || isUsed("vote.why.unheard of")).toBe(false);
});
