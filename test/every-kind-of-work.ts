// Somebody of a team who has done everything of which a database keeps that it was they, and of whom others have written and asked.
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { POST as signIn } from "../app/api/auth/sign-in/username/route";
import { POST as importByRoute } from "../app/api/queues/import/route";
import { PATCH as changeTeam } from "../app/api/team/[user]/route";
import { POST as inviteByRoute } from "../app/api/team/route";
import { changePeople } from "../lib/access/dataset-people";
import { invite } from "../lib/access/invitations";
import { join } from "../lib/access/join";
import { makeToken } from "../lib/access/tokens";
import { changeComment, writeComment } from "../lib/annotation/comments/write-comments";
import { changeRecords } from "../lib/annotation/data-checks/change-records";
import { agreeToGuidelines } from "../lib/annotation/guidelines/versions";
import { judge } from "../lib/annotation/judging/judge";
import { takeTasks } from "../lib/annotation/judging/next-tasks";
import { returnItems } from "../lib/annotation/judging/returns";
import { tallyOf } from "../lib/annotation/judging/tally";
import { changeQueue } from "../lib/annotation/queues/list-queues";
import { tagRecords } from "../lib/annotation/records/record-tags";
import { saveView } from "../lib/annotation/records/record-views";
import { rule } from "../lib/annotation/review/disputes";
import { giveWork } from "../lib/annotation/work/give";
import { loadLabelled } from "../lib/datasets/labelled/labelled-sets";
import { createFreezer } from "../lib/datasets/snapshots/freezer";
import { appDb } from "../lib/db/client";
import { users } from "../lib/db/tables/accounts";
import { passkeys } from "../lib/db/tables/passkeys";
import { runs } from "../lib/db/tables/runs";
import { secondSteps, usedCodes } from "../lib/db/tables/second-steps";
import { labelledVersions } from "../lib/db/tables/training-sets";
import { keepEvaluation } from "../lib/evaluations/store";
import { changeRuns } from "../lib/runs/change-runs";
import { evaluationSettings } from "../spec/evaluations";
import { importRows, seedRun } from "./database";
import { asked, cookieOf, joined, password, sent } from "./team";

export interface Worker {
  annotatorId: number;
  userId: string;
  cookie: string;
  /** A dataset that they annotated with a colleague. */
  queue: number;
}

const accountOf = (username: string) =>
  appDb().select().from(users).where(eq(users.username, username.toLowerCase())).get()!;

/** `owner`: the cookie of one. */
export async function everyKindOfWork(name: string, email: string, owner: string): Promise<Worker> {
  const now = Date.now();
  await joined("quill", "reviewer");
  const colleague = accountOf("quill");
  const asOwner = { cookie: owner };
  await inviteByRoute(sent("/api/team", { role: "researcher", note: `For ${name}`, email }, asOwner), undefined);
  const token = invite({ role: "researcher", note: `${name} of the agency`, email, createdBy: null, days: 1 }, now);
  const cookie = cookieOf(await join({ token, username: name, email, password }, new Headers(), now));
  const { id: userId, annotatorId } = accountOf(name);
  await account(userId, name, email);
  const params = { params: Promise.resolve({ user: userId }) };
  const change = new Request(sent(`/api/team/${userId}`, { role: "researcher" }, asOwner), { method: "PATCH" });
  await changeTeam(change, params);
  const queue = await annotation(annotatorId, colleague.annotatorId, name, email);
  await training(annotatorId, name);
  const rows = new Request(asked("POST", "/api/queues/import?name=Imported", { cookie }), {
    body: JSON.stringify({ prompt: "p", chosen: "a", rejected: "b" }),
  });
  await importByRoute(rows, undefined);
  changePeople({ kind: "annotate", id: queue }, { userId, role: "reviewer" });
  return { annotatorId, userId, cookie, queue };
}

/** How they sign in, and that they did and could not. */
async function account(userId: string, name: string, email: string): Promise<void> {
  const now = Date.now();
  const from = { "x-forwarded-for": "203.0.113.77" };
  for (const typed of [password, "another password"])
    await signIn(sent("/api/auth/sign-in/username", { username: name, password: typed }, from), undefined);
  invite({ role: "viewer", note: "a friend", createdBy: userId, days: 7 }, now);
  invite({ role: "researcher", userId, createdBy: null, days: 1 }, now);
  makeToken(userId, { name: `script of ${name}`, scopes: ["read"], days: 7 }, now);
  const passkey = { credentialID: "c", publicKey: "p", counter: 0, deviceType: "singleDevice", backedUp: false };
  appDb()
    .insert(passkeys)
    .values({ id: "passkey", userId, name: `${email}'s phone`, ...passkey })
    .run();
  appDb().insert(secondSteps).values({ id: "step", userId, secret: "s", backupCodes: "b" }).run();
  appDb().insert(usedCodes).values({ userId, code: "123456", at: now }).run();
}

/** Votes with a colleague on a dataset that is called after them, and all that is said and done beside them. */
async function annotation(own: number, colleague: number, name: string, email: string): Promise<number> {
  const now = Date.now();
  const rows = Array.from({ length: 8 }, (_, i) => ({ prompt: `question ${i}`, answers: [`a ${i}`, `b ${i}`] }));
  const queue = await importRows(`Pairs of ${name}`, rows);
  const change = {
    guidelines: `Ask ${name} (${email}).`,
    about: `By ${name}`,
    reasonTags: ["clearer", `as ${name} says`],
  };
  changeQueue(queue, own, change, now);
  agreeToGuidelines(own, queue, 1, now);
  giveWork(queue, { annotatorId: own, amount: { records: 4 }, due: null }, own, now);
  const ids = takeTasks(own, queue, 4, now).map(({ id }) => id);
  takeTasks(colleague, queue, 8, now);
  for (const [i, itemId] of ids.entries()) {
    const choice = { kind: i % 2 ? "left" : "right", strength: 2 } as const;
    const said = { rationale: `agreed with @${name}, ${email}`, tags: [`as ${name} says`] };
    judge(own, { key: randomUUID(), itemId, choice, ...said, activeMs: 5 }, now);
    judge(colleague, { key: randomUUID(), itemId, choice: { kind: "left", strength: 1 }, activeMs: 5 }, now);
  }
  const [first, second, third] = ids as [number, number, number];
  const comment = writeComment(queue, own, { record: first, text: `${name} here: is A right?` }, now);
  writeComment(queue, colleague, { record: first, text: `@${name} it is, ${name.toUpperCase()}!` }, now);
  changeComment(queue, comment, own, { resolved: true }, now);
  rule(own, { itemId: second, ruling: "left" }, now);
  returnItems(own, [third], `${name} asks: look again`, now);
  tagRecords(tallyOf(queue), own, { itemIds: [first], tag: `of ${name}`, tagged: true }, now);
  saveView(queue, own, { name: `View of ${name}`, search: `q=${name}&annotator=${own}` }, now);
  createFreezer(now)(queue, "pairs");
  const dataset = { id: queue, name: `Pairs of ${name}` };
  await changeRecords(dataset, { action: "exclude", of: { rows: [third] }, reason: `${name} says so` }, own, now);
  await changeRecords(dataset, { action: "mask", of: { rows: [first] }, reason: "private data" }, own, now);
  return queue;
}

/** A run with what they wrote on it, an evaluation of it, and a version of a labelled dataset. */
async function training(startedBy: number, name: string): Promise<void> {
  const now = Date.now();
  seedRun("run", now);
  appDb().update(runs).set({ startedBy }).where(eq(runs.id, "run")).run();
  changeRuns(["run"], { name: `${name}'s run`, remark: `Ask ${name}.`, tags: [name, "first"] });
  const result = { name: "sorting", asked: "sorting", version: null, n: 1, metrics: [] };
  const base = { source: "tiny", dtype: "float32", quantisation: null, unquantised: [] } as const;
  keepEvaluation(
    {
      run: { id: "run", step: 1 },
      base: { ...base, unquantised: [] },
      settings: evaluationSettings.parse({}),
      startedBy,
    },
    { harness: "test", seconds: 0, tasks: [result] },
    now,
  );
  const { id: setId } = await loadLabelled(`Labelled by ${name}`, "data/samples/film-reviews.jsonl.gz", now);
  const version = { setId, number: 2, action: "exclude", reason: `${name} says so`, changed: 0, rows: 1 } as const;
  appDb()
    .insert(labelledVersions)
    .values({ ...version, annotatorId: startedBy, pairs: 1, imitated: 1, createdAt: now })
    .run();
}
