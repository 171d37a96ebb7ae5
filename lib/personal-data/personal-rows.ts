// Which rows of a database are about somebody. They are found by the foreign keys of its tables, so that a table that is added later is among them.
import type { Db } from "../db/client";
import type { KnownPerson } from "./known-person";

type Row = Record<string, unknown>;

export interface PersonalTable {
  name: string;
  /** Its columns that name a person, by the table to which they refer. */
  keys: { column: string; of: "annotators" | "users" }[];
}

/** What lets somebody in: told nobody, not even them. */
const secrets: Record<string, readonly string[]> = {
  credentials: ["access_token", "refresh_token", "id_token", "password"],
  invitations: ["hash"],
  passkeys: ["credential_id", "public_key"],
  second_steps: ["secret", "backup_codes"],
  sessions: ["token"],
  tokens: ["hash"],
  used_codes: ["code"],
};

export const isSecret = (table: string, column: string): boolean => secrets[table]?.includes(column) ?? false;

const tablesOf = ({ $client }: Db): string[] =>
  $client
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[];

export const personalTables = (db: Db): PersonalTable[] =>
  tablesOf(db).flatMap((name) => {
    const all = db.$client.pragma(`foreign_key_list("${name}")`) as { table: string; from: string }[];
    const keys = all.flatMap(({ table: of, from: column }) =>
      of === "annotators" || of === "users" ? [{ column, of } as const] : [],
    );
    return keys.length > 0 ? [{ name, keys }] : [];
  });

/** A table's rows that refer to somebody, without secrets. */
export function personalRows(db: Db, { name, keys }: PersonalTable, person: KnownPerson): Generator<Row> {
  const where = keys.map(({ column }) => `"${column}" = ?`).join(" OR ");
  const values = keys.map(({ of }) => (of === "users" ? person.userId : person.annotatorId));
  return rowsOf(db, name, `(${where})`, values);
}

const atOnce = 500;

/** Read a few at a time, so that they can be sent while others use the connection. */
export function* rowsOf({ $client }: Db, table: string, where: string, values: unknown[]): Generator<Row> {
  const some = $client.prepare(
    `SELECT rowid AS "#row", * FROM "${table}" WHERE rowid > ? AND ${where} ORDER BY rowid LIMIT ${atOnce}`,
  );
  for (let last = 0; ; ) {
    const rows = some.all(last, ...values) as (Row & { "#row": number })[];
    for (const { "#row": at, ...row } of rows) {
      last = at;
      yield Object.fromEntries(Object.entries(row).filter(([column]) => !isSecret(table, column)));
    }
    if (rows.length < atOnce) return;
  }
}
