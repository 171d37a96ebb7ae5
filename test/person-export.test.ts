import { beforeAll, expect, test } from "vitest";
import { GET as own } from "../app/api/me/export/route";
import { GET as anybodys } from "../app/api/people/[id]/export/route";
import { POST as invite } from "../app/api/team/route";
import { auditLog } from "../lib/access/audit";
import { appDb } from "../lib/db/client";
import { judgements } from "../lib/db/tables/judgements";
import { type PersonExport, personExport } from "../lib/personal-data/export-schema";
import { isSecret, personalTables } from "../lib/personal-data/personal-rows";
import { everyKindOfWork, type Worker } from "./every-kind-of-work";
import { asked, freshTeam, joined, sent } from "./team";

let owner: string;
let worker: Worker;
let exported: PersonExport;

beforeAll(async () => {
  freshTeam();
  owner = await joined("olga", "owner");
  worker = await everyKindOfWork("zyxwina", "zyx@quorvex.example", owner);
  exported = await fileOf(worker.cookie);
});

async function fileOf(cookie: string): Promise<PersonExport> {
  const answer = await own(asked("GET", "/api/me/export", { cookie }), undefined);
  return personExport.parse(JSON.parse(await answer.text()));
}
const byOwner = (id: number, cookie: string) =>
  anybodys(asked("GET", `/api/people/${id}/export`, { cookie }), { params: Promise.resolve({ id: String(id) }) });

test("it has every table that refers to a person, and of this one, who did every kind of thing, something of each", () => {
  const tables = personalTables(appDb()).map(({ name }) => name);
  expect(tables.length).toBeGreaterThan(20);
  for (const name of tables) expect(Object.keys(exported.tables)).toContain(name);
  const empty = Object.entries(exported.tables).flatMap(([name, rows]) => (rows.length === 0 ? [name] : []));
  expect(empty).toEqual(["judges"]); // these are models
});

test("the columns that refer to a person are found by the foreign keys, in a table that is added later too", () => {
  appDb().$client.exec("CREATE TABLE later (id INTEGER PRIMARY KEY, who INTEGER REFERENCES annotators (id)) STRICT");
  expect(personalTables(appDb())).toContainEqual({ name: "later", keys: [{ column: "who", of: "annotators" }] });
  appDb().$client.exec("DROP TABLE later");
  expect(
    personalTables(appDb())
      .find(({ name }) => name === "returns")!
      .keys.map(({ column }) => column),
  ).toEqual(expect.arrayContaining(["annotator_id", "reviewer_id"]));
});

test("no password, token, key or code is in it: of columns that are called so, each is a secret or known to be none", () => {
  const harmless = new Set(["judgements.key", "used_codes.at"]);
  const suspicious = personalTables(appDb()).flatMap(({ name }) =>
    (appDb().$client.pragma(`table_info("${name}")`) as { name: string; type: string }[]).flatMap((column) =>
      column.type === "TEXT" && /token|hash|secret|password|code|key|credential/.test(column.name)
        ? [`${name}.${column.name}`]
        : [],
    ),
  );
  const told = suspicious.filter(
    (column) => !harmless.has(column) && !isSecret(...(column.split(".") as [string, string])),
  );
  expect(told).toEqual([]);
  const stored = appDb()
    .$client.prepare("SELECT token FROM sessions UNION SELECT password FROM credentials")
    .pluck()
    .all();
  const text = JSON.stringify(exported);
  for (const secret of stored) if (secret !== null) expect(text).not.toContain(secret);
});

test("others' rows are not in it, nor from where an owner acted on the account", () => {
  const votes = appDb().select().from(judgements).all();
  const ownVotes = votes.filter(({ annotatorId }) => annotatorId === worker.annotatorId);
  expect(exported.tables.judgements!.map(({ seq }) => seq)).toEqual(ownVotes.map(({ seq }) => seq));
  expect(ownVotes.length).toBeLessThan(votes.length);
  const entries = exported.tables.audit_entries!;
  expect(entries.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["/api/team", `/api/team/${worker.userId}`, "/api/auth/sign-in/username"]),
  );
  for (const { user_id, address } of entries) if (user_id !== worker.userId) expect(address).toBeNull();
});

test("whoever has chosen a name of which addresses and details are full gets what is about them alone", async () => {
  const mail = "hired@quorvex.example";
  const invitation = sent(
    "/api/team",
    { role: "viewer", note: "username of the api team", email: mail },
    { cookie: owner },
  );
  expect((await invite(invitation, undefined)).status).toBe(201);
  for (const name of ["api", "team", "username", "viewer", "sign.in", "note"]) {
    const { tables } = await fileOf(await joined(name, "annotator"));
    expect(tables.audit_entries!.filter((entry) => entry.name !== name)).toEqual([]);
    expect(JSON.stringify(tables), name).not.toContain(mail);
  }
});

test("owners get anybody's, others their own alone; the audit log notes it", async () => {
  const answer = await byOwner(worker.annotatorId, owner);
  expect(answer.headers.get("content-disposition")).toContain(`person-${worker.annotatorId}.json`);
  expect(personExport.parse(JSON.parse(await answer.text())).tables.judgements).toEqual(exported.tables.judgements);
  expect((await byOwner(worker.annotatorId, worker.cookie)).status).toBe(403);
  expect((await byOwner(9999, owner)).status).toBe(404);
  expect(auditLog("", Number.MAX_SAFE_INTEGER, 4).map(({ path, status }) => [path, status])).toEqual([
    ["/api/people/9999/export", 404],
    [`/api/people/${worker.annotatorId}/export`, 403],
    [`/api/people/${worker.annotatorId}/export`, 200],
    ["/api/me/export", 200],
  ]);
});
