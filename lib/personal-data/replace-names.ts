// Texts in which people name somebody, of all tables, with another name in its place. Names of models, machines and endpoints are not among them, as run
// files call them so, nor are the records of datasets: a Marie Curie of whom an answer tells is nobody's colleague.

import { withdrawFindings } from "../data-checks/kept-findings";
import { appDb } from "../db/client";
import { freeName } from "../free-name";
import { namesIn } from "./names-in-text";

/** What people write to each other and about their work. */
const notes: Record<string, readonly string[]> = {
  audit_entries: ["detail"],
  comments: ["text"],
  exclusions: ["reason"],
  guideline_versions: ["guidelines"],
  invitations: ["note"],
  items: ["source"],
  labelled_versions: ["reason"],
  passkeys: ["name"],
  queue_changes: ["change"],
  queues: ["about", "guidelines"],
  record_changes: ["reason"],
  record_tags: ["tag"],
  record_views: ["name", "search"],
  returns: ["note"],
  runs: ["name", "remark", "tags"],
  tokens: ["name"],
};
/** What they write about the records: it names a colleague by `@`, and others by their names. */
const said: Record<string, readonly string[]> = {
  earlier_words: ["rationale", "rewrite"],
  judgements: ["rationale", "rewrite"],
};
/** Of these no two have one name. */
const datasets = ["queues", "labelled_sets"];

/** Within a transaction. */
export function replaceNames(names: string[], by: string): void {
  const [whole, mentioned] = [namesIn(names), namesIn(names.map((name) => (name.includes("@") ? name : `@${name}`)))];
  define("without_names", (text) => text.replace(whole, by));
  define("without_mentions", (text) => text.replace(mentioned, (found) => (found.startsWith("@") ? `@${by}` : by)));
  for (const [table, columns] of Object.entries(notes)) replaceIn(table, columns, "without_names");
  withdrawQuotes();
  for (const [table, columns] of Object.entries(said)) replaceIn(table, columns, "without_mentions");
  for (const table of datasets) renameIn(table, (name) => name.replace(whole, by));
}

function define(name: string, change: (text: string) => string): void {
  const ofColumn = (value: unknown) => (typeof value === "string" ? change(value) : null);
  appDb().$client.function(name, { deterministic: true }, ofColumn);
}

function replaceIn(table: string, columns: readonly string[], change: string): void {
  for (const column of columns) {
    const changed = `${change}("${column}")`;
    appDb().$client.exec(`UPDATE "${table}" SET "${column}" = ${changed} WHERE "${column}" IS NOT ${changed}`);
  }
}

/** Data checks quote what is private in a vote's words. */
function withdrawQuotes(): void {
  const changed = said.judgements!.map((column) => `v."${column}" IS NOT without_mentions(v."${column}")`);
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

function renameIn(table: string, change: (name: string) => string): void {
  const { $client: sqlite } = appDb();
  const rows = sqlite.prepare(`SELECT id, name FROM "${table}"`).all() as { id: number; name: string }[];
  const isTaken = (name: string) => rows.some((row) => row.name === name);
  for (const row of rows) {
    const wanted = change(row.name);
    if (wanted === row.name) continue;
    row.name = freeName(wanted, (n) => (n === 1 ? "" : ` ${n}`), isTaken);
    sqlite.prepare(`UPDATE "${table}" SET name = ? WHERE id = ?`).run(row.name, row.id);
  }
}
