// What a vote may do: stand once for each person and record, be sent twice under its key, and count where its pair was served.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { exporters } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { agreementOf } from "../agreement/queue-agreement";
import { goldChecks, mirrorChecks } from "../agreement/rater-checks";
import { judge, progress, undoLast } from "./judge";
import type { Choice, JudgementInput } from "./judging-schema";
import { takeTasks } from "./next-tasks";
import { history } from "./own-history";
import { decidedItems, rewritesOf, votesOf } from "./standing-votes";
import { tallyOf } from "./tally";
import { openPairs } from "./tally-state";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 9);
});

let made = 0;
const queueOf = async (rows: object[], settings: Partial<typeof queues.$inferInsert> = {}) => {
  const id = await importRows(`votes ${made++}`, rows);
  if (Object.keys(settings).length > 0) appDb().update(queues).set(settings).where(eq(queues.id, id)).run();
  return id;
};
const plain = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ prompt: `p${i}`, answers: [`a${i}`, `b${i}`] }));
const ranking = { prompt: "p", answers: ["one", "two", "three"] };
const itemsOf = (queue: number) =>
  appDb().select().from(items).where(eq(items.queueId, queue)).orderBy(items.position, items.place).all();
const left: Choice = { kind: "left", strength: 2 };
/** Votes, and says whether the vote was kept as an extra. */
function vote(annotator: number, itemId: number, more: Partial<JudgementInput> = {}, now = 0): { extra: boolean } {
  const key = more.key ?? randomUUID();
  judge(annotator, { itemId, choice: left, activeMs: 5, ...more, key }, now);
  return appDb().select({ extra: judgements.extra }).from(judgements).where(eq(judgements.key, key)).get()!;
}

/** How many votes that nobody took back each person has on each pair and showing; the most of all. */
const mostStanding = (queue: number) =>
  appDb().get<{ most: number | null }>(sql`
    SELECT max(n) AS most FROM (SELECT count(*) AS n FROM judgements v JOIN items i ON i.id = v.item_id
      LEFT JOIN judgements u ON u.undoes = v.seq
      WHERE i.queue_id = ${queue} AND v.kind = 'vote' AND u.seq IS NULL GROUP BY v.annotator_id, v.item_id, v.mirror)`)!
    .most ?? 0;

test("F11: a vote through any pair of a ranking is a vote on the ranking, so a second one through another pair is refused", async () => {
  const queue = await queueOf([ranking]);
  takeTasks(1, queue, 1, 0);
  const [, second, third] = itemsOf(queue);
  const tiers = { kind: "ranking", tiers: [[0], [1], [2]] } as const;
  vote(1, second!.id, { choice: { ...tiers, tiers: [[0], [1], [2]] } });
  for (const { id } of itemsOf(queue))
    expect(() => vote(1, id, { choice: { kind: "tie" } })).toThrow("annotated this record already");
  vote(1, third!.id, { choice: { kind: "ranking", tiers: [[2], [1], [0]] }, revises: true });
  expect(votesOf(queue)).toHaveLength(3);
  expect(history(1, queue, Number.MAX_SAFE_INTEGER, 9)).toMatchObject([
    { choice: { kind: "ranking", tiers: [[2], [1], [0]] } },
  ]);
  expect(undoLast(1, queue, randomUUID(), 0)).toMatchObject({ task: { id: itemsOf(queue)[0]!.id } });
  expect(votesOf(queue)).toEqual([]);
});

test("F11: any sequence of votes, revisions and undos through any ids leaves at most one standing vote a person and record", async () => {
  const queue = await queueOf([ranking, ...plain(1)]);
  const rows = itemsOf(queue);
  for (const annotator of [1, 2]) takeTasks(annotator, queue, 9, 0);
  const act = fc.record({
    annotator: fc.constantFrom(1, 2),
    item: fc.constantFrom(...rows),
    kind: fc.constantFrom("vote", "revise", "undo", "mirror", "again"),
  });
  const keys: { annotator: number; input: JudgementInput }[] = [];
  const quietly = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      expect(String(error)).toMatch(/annotated this record already/);
    }
  };
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      for (const { annotator, item, kind } of acts) {
        if (kind === "undo") undoLast(annotator, queue, randomUUID(), 0);
        else if (kind === "again") {
          const before = keys.at(-1);
          if (before) quietly(() => judge(before.annotator, before.input, 0));
        } else {
          const choice: Choice = item.ranking ? { kind: "ranking", tiers: [[0, 1], [2]] } : left;
          const input = { key: randomUUID(), itemId: item.id, choice, activeMs: 1 };
          const showing = { revises: kind === "revise", mirror: kind === "mirror" };
          keys.push({ annotator, input: { ...input, ...showing } });
          quietly(() => judge(annotator, { ...input, ...showing }, 0));
        }
        expect(mostStanding(queue)).toBeLessThanOrEqual(1);
      }
      for (const annotator of [1, 2]) while (undoLast(annotator, queue, randomUUID(), 0));
      expect(mostStanding(queue)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test("F11: votes that arrive at once through all pairs of a ranking leave one that stands", async () => {
  const queue = await queueOf([ranking]);
  takeTasks(1, queue, 1, 0);
  const program = (itemId: number) => `
    import { retryOnBusy } from "./lib/db/busy.ts";
    import { judge } from "./lib/annotation/judging/judge.ts";
    for (let i = 0; i < 20; i++)
      try {
        const input = { key: crypto.randomUUID(), itemId: ${itemId}, choice: { kind: "tie" }, activeMs: 1, revises: i % 2 === 1 };
        retryOnBusy(() => judge(1, input, 0));
      } catch (error) {
        if (error.status !== 409) throw error;
      }`;
  const ended = itemsOf(queue).map(({ id }) => {
    const args = ["--import", "tsx", "--input-type=module", "--eval", program(id)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    return new Promise((resolve) => child.once("close", resolve));
  });
  expect(await Promise.all(ended)).toEqual([0, 0, 0]);
  expect(votesOf(queue)).toHaveLength(3);
  expect(mostStanding(queue)).toBe(1);
});

test("F12: the same key and the same content is stored once and answered alike; any other content is refused with 409", async () => {
  const queue = await queueOf([...plain(3), ranking]);
  for (const annotator of [1, 2]) takeTasks(annotator, queue, 9, 0);
  const [one, two, , first] = itemsOf(queue);
  const input: JudgementInput = {
    key: randomUUID(),
    itemId: one!.id,
    choice: left,
    rationale: "It is right.",
    rewrite: "Better.",
    aspects: { tone: [4, null] },
    activeMs: 5,
  };
  expect(judge(1, input, 0)).toEqual(judge(1, input, 99));
  const stored = () => appDb().select().from(judgements).all();
  const before = stored();
  const others: [number, Partial<JudgementInput>][] = [
    [2, {}],
    [1, { itemId: two!.id }],
    [1, { choice: { kind: "left", strength: 3 } }],
    [1, { choice: { kind: "right", strength: 2 } }],
    [1, { choice: { kind: "tie" } }],
    [1, { choice: { kind: "flag", reason: "unsafe" } }],
    [1, { rationale: "It is wrong." }],
    [1, { rationale: null }],
    [1, { rewrite: "Other." }],
    [1, { aspects: { tone: [4, 1] } }],
    [1, { mirror: true }],
  ];
  for (const [annotator, other] of others)
    expect(() => judge(annotator, { ...input, ...other }, 0), JSON.stringify(other)).toThrow(
      expect.objectContaining({ status: 409, message: expect.stringContaining("key") }),
    );
  expect(stored()).toEqual(before);

  const ranked: JudgementInput = {
    key: randomUUID(),
    itemId: first!.id,
    choice: { kind: "ranking", tiers: [[2], [0, 1]] },
    activeMs: 1,
  };
  judge(1, ranked, 0);
  judge(1, { ...ranked, choice: { kind: "ranking", tiers: [[2], [1, 0]] } }, 0); // the same ranking
  expect(() => judge(1, { ...ranked, choice: { kind: "ranking", tiers: [[2], [0], [1]] } }, 0)).toThrow("key");

  const flag: JudgementInput = {
    key: randomUUID(),
    itemId: two!.id,
    choice: { kind: "flag", reason: "broken" },
    activeMs: 1,
  };
  judge(1, flag, 0);
  expect(() => judge(1, { ...flag, choice: { kind: "flag", reason: "unsafe" } }, 0)).toThrow("key");
});

test("F12: a key that was used by somebody else, in another queue or for another deed takes nothing back and shows nothing", async () => {
  const [queue, other] = [await queueOf(plain(2)), await queueOf(plain(1))];
  for (const annotator of [1, 2]) {
    for (const { id } of takeTasks(annotator, queue, 9, 0)) vote(annotator, id);
    vote(annotator, takeTasks(annotator, other, 9, 0)[0]!.id);
  }
  const key = randomUUID();
  const undone = undoLast(1, queue, key, 0);
  expect(undone).not.toBeNull();
  expect(undoLast(1, queue, key, 0)).toEqual(undone);
  const conflict = expect.objectContaining({ status: 409 });
  expect(() => undoLast(2, queue, key, 0)).toThrow(conflict);
  expect(() => undoLast(1, other, key, 0)).toThrow(conflict);
  expect(() => vote(1, undone!.task.id, { key })).toThrow(conflict); // an undo's key
  const voted = randomUUID();
  vote(1, undone!.task.id, { key: voted });
  expect(() => undoLast(1, queue, voted, 0)).toThrow(conflict); // a vote's key
  expect(progress(1, queue).judged).toBe(2);
  expect(progress(2, queue).judged).toBe(2);
});

test("F13: a vote on a pair that was not served to that person is kept as an extra and counts for nothing", async () => {
  const queue = await queueOf([
    ...plain(20),
    { prompt: "g", answers: ["x", "y"], gold: { verdict: "first", because: "So." } },
  ]);
  const all = itemsOf(queue);
  const gold = all.at(-1)!;
  const [served] = takeTasks(1, queue, 4, 0);
  expect(vote(1, served!.id)).toEqual({ extra: false });
  expect(vote(1, all[9]!.id, { rationale: "Because.", rewrite: "Mine." })).toEqual({ extra: true });
  expect(vote(1, gold.id)).toEqual({ extra: true });
  expect(vote(2, all[1]!.id)).toEqual({ extra: true });
  expect(votesOf(queue).map(({ annotatorId, itemId }) => [annotatorId, itemId])).toEqual([[1, served!.id]]);
  expect([...decidedItems(queue)].map(({ item }) => item.id)).toEqual([served!.id]);
  expect([...rewritesOf(queue)]).toEqual([]);
  expect(goldChecks(queue)).toEqual([]);
  expect(agreementOf(queue).raters).toMatchObject([{ id: 1, judged: 1, gold: null }]);
  const events = exporters
    .events(queue)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { rationale: string | null });
  expect(events).toHaveLength(4); // nothing is lost
  expect(events[1]).toMatchObject({ rationale: "Because.", rewrite: "Mine.", extra: true });
  // Taken back and given again without having been served it is an extra still.
  undoLast(2, queue, randomUUID(), 0);
  expect(vote(2, all[1]!.id)).toEqual({ extra: true });
  expect(vote(2, all[1]!.id, { revises: true })).toEqual({ extra: true });
});

test("F13: a mirrored vote counts only where the pair was shown mirrored", async () => {
  const queue = await queueOf(plain(60), { mirrorPercent: 50 });
  const [first] = takeTasks(3, queue, 1, 0);
  vote(3, first!.id);
  expect(vote(3, first!.id, { mirror: true })).toEqual({ extra: true });
  expect(mirrorChecks(queue)).toEqual([]);
  let [task] = takeTasks(3, queue, 1, 0);
  for (; !task!.mirror; [task] = takeTasks(3, queue, 1, 0)) vote(3, task!.id);
  expect(vote(3, task!.id, { mirror: true })).toEqual({ extra: false });
  expect(mirrorChecks(queue)).toHaveLength(1);
});

test("F13: a vote beyond the quota is kept as an extra, and one in place of a vote that counts is not beyond it", async () => {
  const queue = await queueOf(plain(9));
  const tasks = takeTasks(4, queue, 9, 0);
  appDb().update(queues).set({ quota: 2 }).where(eq(queues.id, queue)).run();
  expect(tasks.slice(0, 4).map(({ id }) => vote(4, id).extra)).toEqual([false, false, true, true]);
  expect(vote(4, tasks[0]!.id, { revises: true })).toEqual({ extra: false });
  expect(vote(4, tasks[3]!.id, { revises: true })).toEqual({ extra: true });
  expect(votesOf(queue)).toHaveLength(2);
});

test("F13: extras fill no place of a shared queue, and a late vote counts where its place is still free", async () => {
  const hour = 3_600_000;
  const queue = await queueOf(plain(2), { overlap: 1 });
  const [one, two] = itemsOf(queue);
  vote(5, one!.id); // never served
  expect(openPairs(tallyOf(queue), 1)).toBe(2);
  expect(takeTasks(6, queue, 9, 0).map(({ id }) => id)).toEqual([one!.id, two!.id]);
  expect(vote(6, one!.id, {}, hour)).toEqual({ extra: false }); // an hour offline, and nobody came in between
  expect(takeTasks(7, queue, 9, hour).map(({ id }) => id)).toEqual([two!.id]);
  expect(vote(7, two!.id, {}, hour)).toEqual({ extra: false });
  expect(vote(6, two!.id, {}, hour)).toEqual({ extra: true });
  expect(openPairs(tallyOf(queue), 1)).toBe(0);
  expect(votesOf(queue).map(({ annotatorId }) => annotatorId)).toEqual([6, 7]);
  expect([...decidedItems(queue)].map(({ raters }) => raters)).toEqual([1, 1]);
});

test("F13: a gold pair of a shared queue measures everybody who was served it", async () => {
  const gold = { prompt: "g", answers: ["x", "y"], gold: { verdict: "first", because: "So." } };
  const queue = await queueOf([...plain(3), gold], { overlap: 1, training: 1 });
  for (const annotator of [1, 2, 3]) {
    const [task] = takeTasks(annotator, queue, 1, 0);
    expect(vote(annotator, task!.id)).toEqual({ extra: false });
  }
  expect(goldChecks(queue)).toHaveLength(3);
});

test("U2: a vote in place of another keeps what was written beside it, unless something else is sent", async () => {
  const queue = await queueOf(plain(2));
  const [task] = takeTasks(8, queue, 1, 0);
  const written = { rationale: "It is right.", rewrite: "Better.", aspects: { tone: [4, 2] as [number, number] } };
  vote(8, task!.id, written);
  const said = () => history(8, queue, Number.MAX_SAFE_INTEGER, 9)[0];
  vote(8, task!.id, { choice: { kind: "right", strength: 4 }, revises: true });
  expect(said()).toMatchObject({ choice: { kind: "right" }, ...written });
  expect(exporters.pairs(queue)).toContain('"rationales":["It is right."]');
  vote(8, task!.id, { revises: true, rationale: null, rewrite: "Best." });
  expect(said()).toMatchObject({ rationale: null, rewrite: "Best.", aspects: written.aspects });
});
