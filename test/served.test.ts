// An annotator with a script that votes on whatever it likes: what was not handed out to them is kept, and counts for nothing.
import { and, asc, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { asAsked } from "../lib/access/asked";
import { addItems } from "../lib/annotation/items/items";
import { withRecord } from "../lib/annotation/judging/asked-record";
import type { Choice } from "../lib/annotation/judging/judging-schema";
import { votesOf } from "../lib/annotation/judging/standing-votes";
import { queueNamed } from "../lib/annotation/queues/new-queue";
import { appDb } from "../lib/db/client";
import { users } from "../lib/db/tables/accounts";
import { items } from "../lib/db/tables/items";
import { queues } from "../lib/db/tables/queues";
import type { Role } from "../spec/roles";
import { seedQueue } from "./database";
import { asked, freshTeam, handlersOf, joined } from "./team";

let cookie: string;
let anna: number;
beforeAll(async () => {
  freshTeam();
  cookie = await joined("anna", "annotator");
  anna = appDb().select().from(users).get()!.annotatorId;
});

const records = 20; // a few more than are handed out at once
const idsOf = (queue: number): number[] => {
  const here = and(eq(items.queueId, queue), eq(items.place, 0));
  const rows = appDb().select({ id: items.id }).from(items).where(here).orderBy(asc(items.position)).all();
  return rows.map(({ id }) => id);
};

const call = async (method: string, address: string, path: string, value?: object): Promise<Response> => {
  const route = (await handlersOf(address))[method]!;
  const request = asked(method, path, { cookie, "content-type": "application/json" });
  const params = Promise.resolve({ id: /\d+/.exec(path)?.[0] });
  return route(value ? new Request(request, { body: JSON.stringify(value) }) : request, { params });
};

const vote = async (itemId: number, choice: Choice, mirror = false) => {
  const value = { key: crypto.randomUUID(), itemId, choice, mirror, activeMs: 5 };
  return (await call("POST", "/api/judgements", "/api/judgements", value)).json() as Promise<object>;
};

const rows = (answers: number) =>
  Array.from({ length: records }, (_, i) => ({
    prompt: [{ role: "user" as const, content: `question ${i}` }],
    answers: Array.from({ length: answers }, (_, at) => `answer ${i} ${at}`),
    source: "test",
  }));

const queueOf = (name: string, answers: number): number => {
  const queue = queueNamed(name, 0, answers === 1 ? "single" : "compare");
  addItems(queue, rows(answers));
  return queue;
};

const kinds: [string, number, Choice][] = [
  ["pairs", 2, { kind: "left", strength: 2 }],
  ["rankings", 3, { kind: "ranking", tiers: [[0], [1], [2]] }],
  ["single answers", 1, { kind: "good" }],
];

test.each(kinds)("%s: of votes on all records those on what was handed out count", async (name, answers, choice) => {
  for (const overlap of [null, 1]) {
    const queue = queueOf(`${name} ${overlap}`, answers);
    appDb().update(queues).set({ overlap }).where(eq(queues.id, queue)).run();
    const { tasks } = (await (await call("GET", "/api/queues/[id]/tasks", `/api/queues/${queue}/tasks`)).json()) as {
      tasks: { id: number }[];
    };
    const served = new Set(tasks.map(({ id }) => id));
    expect(served.size).toBeGreaterThan(0);
    expect(served.size).toBeLessThan(records);
    for (const id of idsOf(queue))
      expect(await vote(id, choice)).toEqual(served.has(id) ? { saved: true } : { saved: true, extra: true });
    expect(await vote([...served][0]!, choice, true)).toEqual({ saved: true, extra: true }); // nobody asked them again
    const all = new Set(idsOf(queue)); // a ranking's votes are on its other pairs too
    expect(new Set(votesOf(queue).flatMap(({ itemId }) => (all.has(itemId) ? [itemId] : [])))).toEqual(served);
  }
});

test("whoever only annotates does not choose among records that are handed out; who reviews does, and everybody where each record goes to each", async () => {
  const queue = seedQueue(records, 0, "by address");
  const [, , , third, fourth, fifth] = idsOf(queue);
  const counts = async (role: Role, record: number) => {
    const user = { id: "anna", name: "anna", role, scopes: null, sessionId: null, annotatorId: anna, language: null };
    asAsked({ user, permission: "annotate" }, () => withRecord(anna, queue, record, []));
    return !("extra" in (await vote(record, { kind: "tie" })));
  };
  expect(await counts("annotator", third!)).toBe(true);
  appDb().update(queues).set({ overlap: 2 }).where(eq(queues.id, queue)).run();
  expect(await counts("annotator", fourth!)).toBe(false);
  expect(await counts("reviewer", fifth!)).toBe(true);
});
