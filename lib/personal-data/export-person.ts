// A file of everything that is stored about somebody, made while it is sent.
import { says } from "../access/audit-detail";
import { appDb, metricsDb } from "../db/client";
import type { Annotator } from "../db/tables/annotators";
import { type KnownPerson, knownPerson } from "./known-person";
import { personalRows, personalTables, rowsOf } from "./personal-rows";

type Row = Record<string, unknown>;

const about =
  "Rows of the workbench's databases that refer to you, by table. Times are milliseconds since 1970. Passwords, tokens and keys are left out, and so are the addresses from which others did something to your account.";

/** JSON, as export-schema.ts has it. */
export function* exportOf(annotator: Annotator, now: number): Generator<string> {
  const person = knownPerson(annotator);
  const head = { exportedAt: new Date(now).toISOString(), name: annotator.name, about };
  yield `${JSON.stringify(head).slice(0, -1)},"tables":{`;
  let before = "\n";
  for (const [table, rows] of tablesAbout(person)) {
    yield `${before}${JSON.stringify(table)}:[`;
    yield* separated(rows);
    yield "]";
    before = ",\n";
  }
  yield "}}\n";
}

function* separated(rows: Iterable<Row>): Generator<string> {
  let before = "\n";
  for (const row of rows) {
    yield `${before}${JSON.stringify(row)}`;
    before = ",\n";
  }
}

function* tablesAbout(person: KnownPerson): Generator<[string, Iterable<Row>]> {
  const { annotatorId } = person;
  yield ["annotators", rowsOf(appDb(), "annotators", "id = ?", [annotatorId])];
  for (const db of [appDb(), metricsDb()])
    for (const table of personalTables(db)) yield [table.name, personalRows(db, table, person)];
  const theirs = "vote IN (SELECT seq FROM judgements WHERE annotator_id = ?)";
  yield ["earlier_words", rowsOf(appDb(), "earlier_words", theirs, [annotatorId])]; // what was masked of their own
  yield ["audit_entries", auditOf(person)];
}

/** What they did, and what others did to them, of whom the address is nobody else's. */
function* auditOf(person: KnownPerson): Generator<Row> {
  for (const entry of rowsOf(appDb(), "audit_entries", "true", [])) {
    if (person.userId !== null && entry.user_id === person.userId) yield entry;
    else if (isAbout(person, String(entry.path), String(entry.detail ?? ""))) yield { ...entry, address: null };
  }
}

/** By ids and by what they alone sign in by. People choose their names: one who is called `api` or `viewer` is in no address and no role. */
const isAbout = ({ annotatorId, userId, username, email }: KnownPerson, path: string, detail: string): boolean =>
  new RegExp(`/(?:people|work)/${annotatorId}(?:/|$)`).test(path) ||
  says(detail, "annotatorId", String(annotatorId)) ||
  (userId !== null && (path.split("/").includes(userId) || says(detail, "userId", userId))) ||
  (username !== null && says(detail, "username", username)) ||
  (email !== null && says(detail, "email", email));
