// Messages in ICU's syntax, which lib/messages has compiled, with values in their places.
import format, { type CompiledMessage, type FormatValues } from "icu-minify/format";
import { getDateTimeFormat, getNumberFormat, getPluralRules } from "./formatters";
import { type Language, localeOf } from "./written-language";

export type Messages<Key extends string = string> = Readonly<Partial<Record<Key, CompiledMessage>>>;
export type Values = Record<string, string | number>;

const formatters = { getDateTimeFormat, getNumberFormat, getPluralRules };

/** Text, and where tags stand for parts of a page those between it. */
export const formatted = <Part = string>(
  language: Language,
  message: CompiledMessage,
  values: FormatValues<Part>,
): string | Part | (string | Part)[] => format<Part>(message, localeOf(language), values, { formatters });

/** A message that a page was not given shows its key. */
export const translator =
  <Key extends string>(language: Language, messages: Messages<Key>) =>
  (key: Key, values: Values = {}): string =>
    formatted(language, messages[key] ?? key, values) as string;
