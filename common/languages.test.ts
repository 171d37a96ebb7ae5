import { expect, test } from "vitest";
import { languageIn, languages } from "./languages";
import { directionOf, localeOf } from "./written-language";

test.each([
  [null, "en"],
  ["", "en"],
  ["*", "en"],
  ["de", "de"],
  ["de-AT,de;q=0.9,en;q=0.8", "de"],
  ["zh-TW", "zh"],
  ["en;q=0.4, fr;q=0.7", "fr"],
  ["nl, pt-BR;q=0.9, es-419;q=0.5, en;q=0.4", "es"],
  ["AR-EG", "ar"],
  ["ja;q=0, de;q=0.1", "de"],
  ["nl, sv", "en"],
  ["de;q=nonsense", "en"],
] as const)("the header %j wants %s", (header, language) => {
  expect(languageIn(header)).toBe(language);
});

test("a language is written in the direction of its script, as CLDR has it", () => {
  const rightToLeft = ["Arab", "Hebr", "Thaa", "Syrc"]; // scripts
  for (const language of languages)
    expect(directionOf(language), language).toBe(
      rightToLeft.includes(new Intl.Locale(language).maximize().script ?? "") ? "rtl" : "ltr",
    );
});

test("numbers have the digits of the keyboard in every language", () => {
  for (const language of languages) expect(new Intl.NumberFormat(localeOf(language)).format(1029)).toMatch(/^1\D?029$/);
});
