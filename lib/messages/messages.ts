// What the annotators' screens say in each language, and what the server says to who sits at them: ICU messages in a file per language.
import compile from "icu-minify/compile";
import { type Messages, translator, type Values } from "../../common/translate";
import type { Language } from "../../common/written-language";
import ar from "./ar.json" with { type: "json" };
import de from "./de.json" with { type: "json" };
import en from "./en.json" with { type: "json" };
import es from "./es.json" with { type: "json" };
import fr from "./fr.json" with { type: "json" };
import ja from "./ja.json" with { type: "json" };
import zh from "./zh.json" with { type: "json" };

export type MessageKey = keyof typeof en;
/** What stands before the first dot: a page is given the groups that its components read. */
export type MessageGroup = MessageKey extends `${infer Group}.${string}` ? Group : never;

export const texts: Record<Language, Record<MessageKey, string>> = { ar, de, en, es, fr, ja, zh };

/** Components in the browser are given plain objects alone. */
const asJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const compiled = new Map<Language, Messages<MessageKey>>();

export function messagesIn(language: Language): Messages<MessageKey> {
  const known = compiled.get(language);
  if (known) return known;
  const all = Object.fromEntries(Object.entries(texts[language]).map(([key, text]) => [key, asJson(compile(text))]));
  compiled.set(language, all);
  return all;
}

export const someMessages = (language: Language, groups: readonly MessageGroup[]): Messages<MessageKey> =>
  Object.fromEntries(
    Object.entries(messagesIn(language)).filter(([key]) => groups.some((group) => key.startsWith(`${group}.`))),
  );

export const translate = (language: Language, key: MessageKey, values?: Values): string =>
  translator(language, messagesIn(language))(key, values);
