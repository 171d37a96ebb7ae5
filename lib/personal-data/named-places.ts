// Where a name stands in what people wrote: told before somebody is erased, and of what is left after it.
import { appDb } from "../db/client";
import type { NamedPlace } from "./erase-schema";
import { type KnownPerson, othersThan } from "./known-person";
import { partsOf, renamed } from "./names-in-text";
import { hasText, type WrittenText, writtenTexts } from "./written-texts";

/** Beside mentions and e-mail addresses, which are replaced in any case. Most first. */
export function namedPlaces(person: Pick<KnownPerson, "annotatorId" | "names">): NamedPlace[] {
  const how = { names: person.names, others: othersThan(person), by: "" };
  const [mentions, all, parts] = [
    renamed({ ...how, words: false }),
    renamed({ ...how, words: true }),
    partsOf(person.names),
  ];
  define("has_words", (text) => all(text) !== mentions(text));
  define("has_parts", (text) => mentions(text).search(parts) >= 0);
  return writtenTexts
    .map(countIn)
    .filter(({ words, parts }) => words + parts > 0)
    .sort((a, b) => b.words + b.parts - a.words - a.parts);
}

const define = (name: string, has: (text: string) => boolean) =>
  appDb().$client.function(name, { deterministic: true }, (stored, form) =>
    Number(typeof stored === "string" && hasText(form as WrittenText["form"], stored, has)),
  );

function countIn({ table, column, form, what }: WrittenText): NamedPlace {
  const { named, words } = appDb()
    .$client.prepare(
      `SELECT count(*) AS named, coalesce(sum(has_words("${column}", ?)), 0) AS words FROM "${table}" WHERE has_parts("${column}", ?)`,
    )
    .get(form, form) as { named: number; words: number };
  return { what, words, parts: named - words };
}
