// Erasure: whoever did every kind of thing is named nowhere afterwards, in no table and in no byte of the files, and their votes count as before.
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { DELETE } from "../app/api/people/[id]/route";
import { isRecord } from "../common/json";
import { auditLog } from "../lib/access/audit";
import { changeMember } from "../lib/access/members";
import { agreementOf } from "../lib/annotation/agreement/queue-agreement";
import { workBetween } from "../lib/annotation/agreement/work-report";
import { writeComment } from "../lib/annotation/comments/write-comments";
import { recordTagsNow } from "../lib/annotation/records/record-tags";
import { exportQueue } from "../lib/datasets/snapshots/snapshot";
import { appDb, type Db, metricsDb } from "../lib/db/client";
import { users } from "../lib/db/tables/accounts";
import { annotators } from "../lib/db/tables/annotators";
import { comments } from "../lib/db/tables/comments";
import { currentAnnotator, enter } from "../lib/people/current-annotator";
import { requirePerson } from "../lib/people/require-person";
import { erase } from "../lib/personal-data/erase";
import { type Erased, erased } from "../lib/personal-data/erase-schema";
import { seedQueue } from "./database";
import { everyKindOfWork, type Worker } from "./every-kind-of-work";
import { freshTeam, joined, origin, sent } from "./team";

vi.mock("next/headers", () => import("@/test/cookies"));

const name = "zyxwina";
const email = "zyx@quorvex.example";
let folder: string;
let owner: string;
let worker: Worker;

beforeAll(async () => {
  folder = freshTeam();
  owner = await joined("olga", "owner");
  worker = await everyKindOfWork(name, email, owner);
  mkdirSync(join(folder, "backups", "2026-11-28"), { recursive: true });
});
beforeEach(() => void vi.stubEnv("WORKBENCH_URL", origin));

const asked = (id: number, typed: string, cookie = owner) =>
  DELETE(new Request(sent(`/api/people/${id}`, { name: typed }, { cookie }), { method: "DELETE" }), {
    params: Promise.resolve({ id: String(id) }),
  });
const accountOf = (username: string) => appDb().select().from(users).where(eq(users.username, username)).get()!;

/** Columns in which a text stands, in any case. */
function columnsWith({ $client }: Db, text: string): string[] {
  const tables = $client.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
  return tables.flatMap((table) =>
    ($client.pragma(`table_info("${table}")`) as { name: string }[]).flatMap(({ name }) => {
      const values = $client.prepare(`SELECT CAST("${name}" AS TEXT) FROM "${table}"`).pluck().all() as (
        | string
        | null
      )[];
      return values.some((value) => value?.toLowerCase().includes(text)) ? [`${table}.${name}`] : [];
    }),
  );
}

/** Files in whose bytes it stands. */
const filesWith = (text: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => {
    const file = join(folder, path);
    return statSync(file).isFile() && readFileSync(file, "latin1").toLowerCase().includes(text);
  });

const everywhere = (text: string) => [...columnsWith(appDb(), text), ...columnsWith(metricsDb(), text)];

/** Lists in an order that does not follow from names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sorted(one)])) : value;
}

/** What the votes of a dataset come to, with somebody's name as it is now. */
function countedAs(...called: string[]): string {
  const { queue } = worker;
  const results = [agreementOf(queue), workBetween("0000-01-01", "9999-12-31"), exportQueue(queue)];
  const text = called.reduce((all, one) => all.replaceAll(one, "them"), JSON.stringify(results));
  return JSON.stringify(sorted(JSON.parse(text)));
}

test("it asks for the name, refuses oneself and who is nobody, and changes nothing then", async () => {
  const own = accountOf("olga").annotatorId;
  const refused = async (id: number, typed: string, cookie = owner) => {
    const answer = await asked(id, typed, cookie);
    return [answer.status, ((await answer.json()) as { error: string }).error];
  };
  expect(await refused(worker.annotatorId, "zyxwin")).toEqual([400, expect.stringContaining("Type the name as it is")]);
  expect(await refused(own, "olga")).toEqual([409, expect.stringContaining("olga is you")]);
  expect((await refused(9999, "x"))[0]).toBe(404);
  expect((await refused(own, "olga", worker.cookie))[0]).toBe(403);
  expect(everywhere(name)).not.toEqual([]);
  expect(everywhere(email)).not.toEqual([]);
});

test("afterwards neither name nor e-mail address is in a column of a table or a byte of a file, and the votes count as before", async () => {
  const before = countedAs(email, name);
  const answer = await asked(worker.annotatorId, name);
  const { name: called, remains } = erased.parse(await answer.json()) satisfies Erased;
  expect(called).toMatch(/^annotator-[0-9a-f]{4}$/);
  expect(remains).toEqual([expect.stringMatching(/^A backup in .* has the name until you delete it \(2026-11-28\)/)]);
  for (const text of [name, email]) {
    expect(everywhere(text)).toEqual([]);
    expect(filesWith(text)).toEqual([]);
  }
  expect(countedAs(called)).toBe(before);
  const texts = appDb()
    .select()
    .from(comments)
    .all()
    .map(({ text }) => text);
  expect(texts).toContain(`@${called} it is, ${called}!`);
  expect([...recordTagsNow().values()].flatMap((tags) => [...tags])).toEqual([`of ${called}`]);
  expect(appDb().$client.pragma("foreign_key_check")).toEqual([]);
});

test("they are signed out and cannot come back; the audit log has what they did, under the other name and from nowhere, and that somebody was erased", async () => {
  const { annotatorId, userId, cookie } = worker;
  expect((await asked(annotatorId, name, cookie)).status).toBe(401);
  expect(appDb().select().from(users).where(eq(users.id, userId)).all()).toEqual([]);
  const { name: called } = requirePerson(String(annotatorId));
  const log = auditLog("", Number.MAX_SAFE_INTEGER, 1000);
  const own = log.filter((entry) => entry.userId === userId);
  expect(own.length).toBeGreaterThan(0);
  for (const entry of own) expect([entry.name, entry.address]).toEqual([called, null]);
  const erasing = log.find(({ method, status }) => method === "DELETE" && status === 200);
  expect(erasing).toMatchObject({ name: "olga", path: `/api/people/${annotatorId}`, detail: "to erase a person" });
  for (const sql of ["UPDATE audit_entries SET name = 'x'", "DELETE FROM audit_entries"])
    expect(() => appDb().$client.exec(sql)).toThrow(/appended to, never changed/);
  expect((await asked(annotatorId, called)).status).toBe(409);
});

test("of two owners who erase each other one stays", async () => {
  const second = await joined("petra", "owner");
  const [olga, petra] = [accountOf("olga"), accountOf("petra")];
  changeMember(petra.id, { deactivated: true }, Date.now());
  await expect(erase(requirePerson(String(olga.annotatorId)), "olga", 0)).rejects.toThrow(/only owner/);
  expect((await asked(petra.annotatorId, "petra", second)).status).toBe(401);
  expect(accountOf("olga")).toBeDefined();
});

test("on one's own machine a name is erased too, in any letters; its browser is nobody's then, and nobody enters under the made-up name", async () => {
  vi.stubEnv("WORKBENCH_URL", "");
  const strange = 'Żółć "Z" O’Hara';
  const { id } = await enter(strange, 0);
  const queue = seedQueue(1, 1, `Pairs of ${strange}`);
  const record = appDb().$client.prepare("SELECT id FROM items WHERE queue_id = ?").pluck().get(queue) as number;
  writeComment(queue, id, { record, text: `@${strange.toUpperCase()}: look` }, 0);
  expect((await currentAnnotator())?.id).toBe(id);
  const person = requirePerson(String(id));
  await expect(erase(person, strange, 0)).rejects.toThrow(/is you/);
  await enter("Somebody else", 0);
  const { name: called } = await erase(person, strange, 1);
  expect(everywhere("żółć")).toEqual([]);
  expect(appDb().select().from(annotators).where(eq(annotators.id, id)).get()).toMatchObject({
    name: called,
    erasedAt: 1,
  });
  await expect(enter(called, 2)).rejects.toThrow(/was erased; choose another name/);
});
