// Puts another name where texts name somebody.
import { withdrawFindings } from "../data-checks/kept-findings";
import { appDb } from "../db/client";
import { freeName } from "../free-name";
import { type KnownPerson, othersThan } from "./known-person";
import { renamed } from "./names-in-text";
import { changedTexts, type WrittenText, writtenTexts } from "./written-texts";

interface Replacing {
  /** The other name. */
  by: string;
  /** Whether it is replaced as a bare word too. */
  words: boolean;
}

/** Within a transaction. */
export function replaceNames(person: KnownPerson, { by, words }: Replacing): void {
  const how = { names: person.names, others: othersThan(person), by };
  const [mentions, change] = [renamed({ ...how, words: false }), renamed({ ...how, words })];
  appDb().$client.function("without_names", { deterministic: true }, (stored, form, onlyMentions) =>
    typeof stored === "string"
      ? changedTexts(form as WrittenText["form"], stored, onlyMentions ? mentions : change)
      : null,
  );
  withdrawQuotes();
  for (const text of writtenTexts) {
    if (text.unique === undefined) replaceIn(text);
    else renameIn(text, change);
  }
}

function replaceIn({ table, column, form, aboutRecords }: WrittenText): void {
  const changed = `without_names("${column}", '${form}', ${aboutRecords ? 1 : 0})`;
  appDb().$client.exec(`UPDATE "${table}" SET "${column}" = ${changed} WHERE "${column}" IS NOT ${changed}`);
}

/** Data checks quote what is private in a vote's words. */
function withdrawQuotes(): void {
  const changed = ["rationale", "rewrite"].map(
    (column) => `v."${column}" IS NOT without_names(v."${column}", 'text', 1)`,
  );
  const rows = appDb()
    .$client.prepare(
      `SELECT DISTINCT i.queue_id AS queue, i.id FROM judgements v JOIN items i ON i.id = v.item_id WHERE ${changed.join(" OR ")}`,
    )
    .all() as { queue: number; id: number }[];
  for (const queue of new Set(rows.map((row) => row.queue)))
    withdrawFindings(
      { kind: "queue", id: queue },
      rows.flatMap((row) => (row.queue === queue ? [row.id] : [])),
    );
}

interface Named {
  id: number;
  name: string;
  /** Among what no two have one name. */
  among: number;
}

function renameIn({ table, unique }: WrittenText, change: (name: string) => string): void {
  const { $client: sqlite } = appDb();
  const rows = sqlite.prepare(`SELECT id, name, ${unique || 0} AS among FROM "${table}"`).all() as Named[];
  for (const row of rows) {
    const wanted = change(row.name);
    if (wanted === row.name) continue;
    const isTaken = (name: string) =>
      rows.some((other) => other.among === row.among && other.name.toLowerCase() === name.toLowerCase());
    row.name = freeName(wanted, (n) => (n === 1 ? "" : ` ${n}`), isTaken);
    sqlite.prepare(`UPDATE "${table}" SET name = ? WHERE id = ?`).run(row.name, row.id);
  }
}
