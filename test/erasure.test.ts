// Erasure: whoever did every kind of thing is named nowhere afterwards, in no table and in no byte of the files, and their votes count as before.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { POST as signIn } from "../app/api/auth/sign-in/username/route";
import { GET } from "../app/api/people/[id]/erasure/route";
import { DELETE } from "../app/api/people/[id]/route";
import { isRecord } from "../common/json";
import { auditLog } from "../lib/access/audit";
import { changeMember } from "../lib/access/members";
import { agreementOf } from "../lib/annotation/agreement/queue-agreement";
import { workBetween } from "../lib/annotation/agreement/work-report";
import { writeComment } from "../lib/annotation/comments/write-comments";
import { queueRow } from "../lib/annotation/judging/queue-row";
import { changeQueue } from "../lib/annotation/queues/list-queues";
import { recordTagsNow } from "../lib/annotation/records/record-tags";
import { saveView, viewsOf } from "../lib/annotation/records/record-views";
import { corpusConfig } from "../lib/corpus/corpus-schema";
import { keepQueueProvenance, type Provenance, queueProvenance } from "../lib/datasets/add/provenance";
import { eventsOf } from "../lib/datasets/snapshots/queue-events";
import { exportQueue } from "../lib/datasets/snapshots/snapshot";
import { appDb, type Db, metricsDb } from "../lib/db/client";
import { users } from "../lib/db/tables/accounts";
import { annotators } from "../lib/db/tables/annotators";
import { comments } from "../lib/db/tables/comments";
import { judgements } from "../lib/db/tables/judgements";
import { queueChanges, queues } from "../lib/db/tables/queues";
import { handle } from "../lib/http/handle";
import { backgroundJobs } from "../lib/jobs/background";
import { takeSlot } from "../lib/jobs/slots";
import { currentAnnotator, enter } from "../lib/people/current-annotator";
import { rename } from "../lib/people/rename";
import { requirePerson } from "../lib/people/require-person";
import { erase } from "../lib/personal-data/erase";
import { type Erased, erased, erasurePlan } from "../lib/personal-data/erase-schema";
import { isVacuumDue } from "../lib/personal-data/vacuum-due";
import { seedQueue } from "./database";
import { everyKindOfWork, type Worker } from "./every-kind-of-work";
import { freshTeam, joined, origin, sent, asked as sentBy } from "./team";

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
  corpusOf(name);
});
beforeEach(() => void vi.stubEnv("WORKBENCH_URL", origin));

/** As they were kept while they still said who began them. */
function corpusOf(by: string): void {
  const id = "7b1f9a52-3c1e-4c7b-9d58-0d7f6a1c2b3e";
  mkdirSync(join(folder, "corpora", id), { recursive: true });
  const about = { id, name: "Corpus", folder: "/texts", config: corpusConfig.parse({}), by, at: 1 };
  writeFileSync(join(folder, "corpora", id, "about.json"), JSON.stringify(about));
}

const asked = (id: number, typed: string, cookie = owner) =>
  DELETE(new Request(sent(`/api/people/${id}`, { name: typed, words: true }, { cookie }), { method: "DELETE" }), {
    params: Promise.resolve({ id: String(id) }),
  });
const planOf = async (id: number, cookie = owner) => {
  const request = sentBy("GET", `/api/people/${id}/erasure`, { cookie });
  const answer = await GET(request, { params: Promise.resolve({ id: String(id) }) });
  return erasurePlan.parse(await answer.json()).places;
};
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

/** Once the database files have been written anew. */
const cleared = () =>
  vi.waitFor(
    () => {
      expect(backgroundJobs().find(({ kind }) => kind === "vacuum")).toMatchObject({ status: "finished" });
      expect(isVacuumDue()).toBe(false);
    },
    { timeout: 60_000, interval: 100 },
  );

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

test("imports have their senders by number; older ones, that have names, get it once such a person is erased", async () => {
  const byRoute = appDb().select().from(queues).where(eq(queues.name, "Imported")).get()!;
  expect(queueProvenance(byRoute.id)).toMatchObject([{ by: worker.annotatorId }]);
  const older: Omit<Provenance, "by"> = { files: [], hub: null, mapping: { columns: { by: "prompt" } }, at: 0 };
  keepQueueProvenance(worker.queue, { ...older, by: name });
  keepQueueProvenance(worker.queue, { ...older, by: "olga" });
});

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

test("with the bare name, neither name nor e-mail address is in a column of a table or a byte of a file afterwards, and the votes count as before", async () => {
  const before = countedAs(email, name);
  expect(await planOf(worker.annotatorId)).toEqual(
    expect.arrayContaining([
      { what: "comments", words: 2, parts: 0 },
      { what: "names of runs", words: 1, parts: 0 },
      { what: "lists of reasons to choose from", words: 1, parts: 0 },
    ]),
  );
  const slots = await Promise.all([takeSlot(), takeSlot(), takeSlot()]); // of long work, for which nothing waits
  const answer = await asked(worker.annotatorId, name);
  const { name: called, places, remains } = erased.parse(await answer.json()) satisfies Erased;
  expect(places).toEqual([]);
  expect(called).toMatch(/^annotator-[0-9a-f]{4}$/);
  expect(remains).toEqual([
    expect.stringMatching(/^A training set that runs have frozen/),
    expect.stringMatching(/^Unused parts of the database files/),
    expect.stringMatching(/^A backup in .* has the name until you delete it \(2026-11-28\)/),
  ]);
  await cleared();
  for (const release of slots) release();
  const again = erased.parse(await (await asked(worker.annotatorId, name)).json());
  expect(again).toEqual({ name: called, places: [], remains: remains.slice(2) });
  for (const text of [name, email]) {
    expect(everywhere(text)).toEqual([]);
    expect(filesWith(text).filter((path) => !path.startsWith("snapshots/"))).toEqual([]);
  }
  expect(queueProvenance(worker.queue)).toMatchObject([{ by: worker.annotatorId }, { by: "olga" }]);
  expect(countedAs(called)).toBe(before);
  const texts = appDb()
    .select()
    .from(comments)
    .all()
    .map(({ text }) => text);
  expect(texts).toContain(`@${called} it is, ${called}!`);
  expect([...recordTagsNow().values()].flatMap((tags) => [...tags])).toEqual([`of ${called}`]);
  const votes = appDb().select().from(judgements).all();
  expect(votes.flatMap(({ tags }) => tags ?? [])).toContain(`as ${called} says`);
  expect(queueRow(worker.queue)!.reasonTags).toEqual(["clearer", `as ${called} says`]);
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
});

test("what they had begun before is noted under the other name and from nowhere when it ends after it", async () => {
  vi.stubEnv("WORKBENCH_URL", origin);
  const cookie = await joined("yvonne", "researcher");
  const { annotatorId, id } = accountOf("yvonne");
  const long = handle("write", { answer: z.null() }, async () => {
    expect((await asked(annotatorId, "yvonne")).status).toBe(200);
    return null;
  });
  const from = { cookie, "x-forwarded-for": "203.0.113.9" };
  expect((await long(sent("/api/labelled", {}, from), undefined)).status).toBe(200);
  const { name: called } = requirePerson(String(annotatorId));
  expect(auditLog("/api/labelled", Number.MAX_SAFE_INTEGER, 1)).toMatchObject([
    { userId: id, name: called, address: null, detail: null },
  ]);
});

test("of two owners who erase each other one stays", async () => {
  const second = await joined("petra", "owner");
  const [olga, petra] = [accountOf("olga"), accountOf("petra")];
  changeMember(petra.id, { deactivated: true }, Date.now());
  await expect(erase(olga.annotatorId, { name: "olga", words: false }, 0)).rejects.toThrow(/only owner/);
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
  const asked = { name: strange, words: true };
  await expect(erase(id, asked, 0)).rejects.toThrow(/is you/);
  await enter("Somebody else", 0);
  const { name: called } = await erase(id, asked, 1);
  await cleared();
  expect(everywhere("żółć")).toEqual([]);
  expect(appDb().select().from(annotators).where(eq(annotators.id, id)).get()).toMatchObject({
    name: called,
    erasedAt: 1,
  });
  await expect(enter(called, 2)).rejects.toThrow(/was erased; choose another name/);
});

test("a name that is a common word too: only mentions of them are replaced, and what else has it is counted", async () => {
  vi.stubEnv("WORKBENCH_URL", "");
  const { id } = await enter("Q", 0);
  const { id: other } = await enter("Q Smith", 0);
  const queue = seedQueue(1, 0, "Pairs Q and R");
  const record = appDb().$client.prepare("SELECT id FROM items WHERE queue_id = ?").pluck().get(queue) as number;
  const guidelines = "Pick Q if a response is better. @q knows.";
  changeQueue(queue, other, { guidelines }, 0);
  writeComment(queue, other, { record, text: "@Q Smith and @Q: dpo-q is q.jsonl" }, 0);
  const { name: called, places } = await erase(id, { name: "Q", words: false }, 1);
  const row = queueRow(queue)!;
  expect([row.name, row.guidelines]).toEqual(["Pairs Q and R", `Pick Q if a response is better. @${called} knows.`]);
  const texts = appDb().select().from(comments).where(eq(comments.itemId, record)).all();
  expect(texts.map(({ text }) => text)).toEqual([`@Q Smith and @${called}: dpo-q is q.jsonl`]);
  expect(places).toEqual([
    { what: "comments", words: 0, parts: 1 },
    { what: "versions of guidelines", words: 1, parts: 0 },
    { what: "earlier settings of datasets", words: 1, parts: 0 },
    { what: "guidelines", words: 1, parts: 0 },
    { what: "names of datasets", words: 1, parts: 0 },
  ]);
});

test("as a bare word too, a name changes what people wrote and no JSON, no setting and no word of the log", async () => {
  for (const name of ["1", "overlap", "file"]) {
    vi.stubEnv("WORKBENCH_URL", "");
    const { id } = await enter(name, 0);
    const { id: other } = await enter("Somebody else", 0);
    const queue = seedQueue(1, 0, `Pairs for ${name}`);
    changeQueue(queue, other, { overlap: 1, strategy: "file", about: `See ${name}.` }, 0);
    saveView(queue, other, { name: "First", search: `q=${name}&annotator=1` }, 0);
    const { name: called } = await erase(id, { name, words: true }, 1);
    expect(appDb().select().from(queueChanges).where(eq(queueChanges.queueId, queue)).all()).toMatchObject([
      { change: { overlap: 1, strategy: "file", about: `See ${called}.` } },
    ]);
    expect([...eventsOf(queue)].map(({ what }) => what)).toContain("change");
    expect(viewsOf(queue)).toMatchObject([{ search: `q=${called}&annotator=1` }]);
  }
});

test("in a team whoever is called as the log calls its fields leaves what it says of others", async () => {
  for (const username of ["username", "owner", "role"]) {
    await joined(username, "viewer");
    const { annotatorId } = accountOf(username);
    const from = { "x-forwarded-for": "203.0.113.5" };
    await signIn(sent("/api/auth/sign-in/username", { username: "someone", password: "x" }, from), undefined);
    await signIn(sent("/api/auth/sign-in/username", { username, password: "x" }, from), undefined);
    const newest = () => auditLog("", Number.MAX_SAFE_INTEGER, 3).map(({ detail, address }) => [detail, address]);
    const answer = erased.parse(await (await asked(annotatorId, username)).json());
    expect(newest().slice(1)).toEqual([
      [`username ${answer.name}`, null],
      ["username someone", "203.0.113.5"],
    ]);
  }
});

test("of two owners who erase somebody at once one does, and both are told the same name; renamed meanwhile, they have to be asked for again", async () => {
  vi.stubEnv("WORKBENCH_URL", "");
  const { id } = await enter("Twice", 0);
  await enter("Somebody else", 0);
  const asked = { name: "Twice", words: false };
  const ended = await Promise.allSettled([erase(id, asked, 1), erase(id, asked, 2)]);
  const names = ended.map((one) => one.status === "fulfilled" && one.value.name);
  expect(names).toEqual([requirePerson(String(id)).name, requirePerson(String(id)).name]);
  const { id: second } = await enter("Renamed", 0);
  await enter("Somebody else", 0);
  const late = erase(second, { name: "Renamed", words: false }, 1);
  await rename(second, "Otherwise");
  await expect(late).rejects.toThrow(/Type the name as it is, Otherwise/);
});
