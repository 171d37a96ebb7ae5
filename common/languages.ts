// The languages of the annotators' screens.
import type { Language } from "./written-language";

export const languages = ["en", "ar", "de", "es", "fr", "ja", "zh"] as const satisfies readonly Language[];

export const isLanguage = (word: unknown): word is Language => languages.some((language) => language === word);

/** Of an Accept-Language header (RFC 9110, section 12.5.4) the most wanted language that there is; English where there is none. */
export function languageIn(header: string | null): Language {
  const wanted = (header ?? "").split(",").map((part) => {
    const [tag = "", weight = "q=1"] = part.trim().split(/\s*;\s*/);
    return { language: tag.toLowerCase().split("-")[0], weight: Number(weight.replace("q=", "")) };
  });
  const [first] = wanted
    .filter(({ language, weight }) => isLanguage(language) && weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return (first?.language as Language | undefined) ?? "en";
}
