// The tally against the plain definitions, on histories of all kinds; and that a look at a long queue reads no more than at a short one.
import { randomUUID } from "node:crypto";
import Database from "better-sqlite3";
import { eq, type SQL, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, rowsRead, statementsRun } from "../../../test/database";
import { appDb } from "../../db/client";
import { annotators } from "../../db/tables/annotators";
import { items } from "../../db/tables/items";
import { assignments, judgements, verdicts } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { exclude } from "../data-checks/exclude";
import { putScores } from "../items/item-scores";
import { addItems } from "../items/items";
import { getQueue, rankingScreen } from "../queues/list-queues";
import { rule } from "../review/disputes";
import { undoLast } from "./judge";
import { takeTasks } from "./next-tasks";
import { openTo } from "./open-pairs";
import { rulingsOf } from "./rulings";
import { decidedItems, isOpinion, rewritesOf, votesOf } from "./standing-votes";
import { tallyOf } from "./tally";
import { openPairs, personIn } from "./tally-state";

const people = 4;
beforeAll(() => {
  freshDatabase();
  for (let i = 1; i <= people; i++)
    appDb()
      .insert(annotators)
      .values({ name: `rater ${i}`, createdAt: 0 })
      .run();
});

let made = 0;
function queueOf(pairs: number): { id: number; pairs: number[] } {
  const id = appDb()
    .insert(queues)
    .values({ name: `queue ${made++}`, about: "", createdAt: 0 })
    .returning()
    .get().id;
  const prompt = [{ role: "user", content: "q" }];
  addItems(id, [
    ...Array.from({ length: pairs }, (_, i) => ({ prompt, answers: [`a ${i}`, `b ${i}`], source: "" })),
    { prompt, answers: ["one", "two", "three"], source: "" },
    { prompt, answers: ["right", "wrong"], source: "", gold: { verdict: "first" as const, because: "" } },
  ]);
  return { id, pairs: idsOf(id) };
}
const idsOf = (queue: number) =>
  appDb()
    .select({ id: items.id })
    .from(items)
    .where(eq(items.queueId, queue))
    .all()
    .map(({ id }) => id);

/** A vote as the table takes it, whatever the product would let somebody do. */
function vote(annotatorId: number, itemId: number, verdict: (typeof verdicts)[number], more = {}) {
  const sided = verdict === "first" || verdict === "second";
  appDb()
    .insert(judgements)
    .values({
      key: randomUUID(),
      annotatorId,
      itemId,
      kind: "vote",
      verdict,
      strength: sided ? 1 + (itemId % 4) : null,
      shownLeft: "first",
      activeMs: 1,
      createdAt: 0,
      ...more,
    })
    .run();
}

const standing = sql`FROM judgements v LEFT JOIN judgements u ON u.undoes = v.seq
  WHERE v.item_id = items.id AND v.kind = 'vote' AND NOT v.mirror AND u.seq IS NULL`;
const opinions = sql`(SELECT count(*) ${standing} AND NOT v.extra AND v.verdict NOT IN ('skip', 'flag'))`;
const isTask = sql`items.place = 0 AND items.gold IS NULL
  AND NOT coalesce((SELECT e.excluded FROM exclusions e WHERE e.item_id = items.id ORDER BY e.seq DESC LIMIT 1), 0)`;
const countItems = (queue: number, what: SQL) =>
  appDb().get<{ n: number }>(sql`SELECT count(*) AS n FROM items WHERE queue_id = ${queue} AND ${what}`)!.n;

/** What an annotator may be given next, in order, where a pair wants `overlap` opinions. */
const openIn = (queue: number, annotator: number, overlap: number | null, now: number): number[] =>
  appDb()
    .all<{ id: number }>(sql`SELECT id FROM items WHERE queue_id = ${queue} AND ${isTask}
      AND NOT EXISTS (SELECT 1 ${standing} AND v.annotator_id = ${annotator})
      AND (${overlap} IS NULL OR EXISTS (SELECT 1 FROM assignments h WHERE h.item_id = items.id
        AND h.annotator_id = ${annotator} AND h.expires_at > ${now}) OR ${opinions} + (SELECT count(*) FROM assignments a WHERE a.item_id = items.id
        AND a.annotator_id <> ${annotator} AND a.expires_at > ${now}
        AND NOT EXISTS (SELECT 1 ${standing} AND v.annotator_id = a.annotator_id)) < ${overlap})
      ORDER BY position`)
    .map(({ id }) => id);

const countsBySql = (queue: number, annotator: number) =>
  appDb().get(sql`SELECT (SELECT count(*) FROM items WHERE queue_id = ${queue} AND ${isTask}) AS total,
      total(${isTask} AND NOT v.mirror) AS judged, total(${isTask} AND NOT v.mirror AND v.verdict = 'skip') AS skipped, count(*) AS votes, total(v.mirror) AS mirrors
    FROM judgements v JOIN items ON items.id = v.item_id LEFT JOIN judgements u ON u.undoes = v.seq
    WHERE v.annotator_id = ${annotator} AND items.queue_id = ${queue} AND items.place = 0 AND v.kind = 'vote' AND u.seq IS NULL`);

const sharedBySql = (queue: number, annotator: number) =>
  appDb().get(sql`SELECT total((v.verdict = 'first') = (s.first > s.second)) AS agreed, count(*) AS of
    FROM judgements v JOIN items i ON i.id = v.item_id JOIN item_scores s ON s.item_id = i.id LEFT JOIN judgements u ON u.undoes = v.seq
    WHERE v.annotator_id = ${annotator} AND i.queue_id = ${queue} AND v.verdict IN ('first', 'second')
      AND NOT v.mirror AND NOT v.extra AND u.seq IS NULL AND s.first <> s.second`);

const disputesIn = (queue: number) => {
  const said = new Map<number, Set<string>>();
  for (const { itemId, verdict } of votesOf(queue))
    if (isOpinion(verdict)) said.set(itemId, (said.get(itemId) ?? new Set()).add(verdict));
  const ids = [...said].flatMap(([id, all]) => (all.size > 1 ? [id] : []));
  const rulings = rulingsOf(queue);
  return { all: ids.length, open: ids.filter((id) => !rulings.has(id)).length };
};

const person = fc.integer({ min: 1, max: people });
const place = fc.nat(9);
const ruling = fc.constantFrom("left" as const, "right" as const, "neither" as const, "withdrawn" as const);
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("vote"),
      person,
      place,
      verdict: fc.constantFrom(...verdicts),
      more: fc.record({ mirror: fc.boolean(), extra: fc.boolean(), rewrite: fc.constantFrom(null, "better") }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("undo"), person }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("exclude"), place, excluded: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rule"), place, ruling }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("score"), place, first: fc.integer({ min: -2, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lease"), person, place, expiresAt: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("look") }) },
);

function happen(
  queue: number,
  at: (n: number) => number,
  what: typeof event extends fc.Arbitrary<infer E> ? E : never,
) {
  if ("verdict" in what) vote(what.person, at(what.place), what.verdict, what.more);
  else if ("excluded" in what) exclude(1, { itemIds: [at(what.place)], excluded: what.excluded, reason: "" }, 0);
  else if ("ruling" in what) rule(1, { itemId: at(what.place), ruling: what.ruling }, 0);
  else if ("first" in what) putScores([{ id: at(what.place), first: what.first, second: 0 }], "a run", 0);
  else if ("expiresAt" in what)
    appDb()
      .insert(assignments)
      .values({ itemId: at(what.place), annotatorId: what.person, slot: 0, expiresAt: what.expiresAt })
      .onConflictDoNothing()
      .run();
  else if ("person" in what) undoLast(what.person, queue, randomUUID(), 0);
  else for (let annotator = 1; annotator <= people; annotator++) takeTasks(annotator, queue, 3, 0);
}

test("L1, P1: what is kept in memory of a queue is what its tables say, after any history of votes, undos, exclusions, rulings, scores and leases", () => {
  const now = 10;
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), fc.option(fc.integer({ min: 1, max: 3 })), (events, overlap) => {
      const { id: queue, pairs } = queueOf(5);
      const at = (n: number) => pairs[n % pairs.length]!;
      for (const what of events) happen(queue, at, what);
      const tally = tallyOf(queue);
      expect(tally).toMatchObject({
        decided: [...decidedItems(queue)].length,
        rewrites: [...rewritesOf(queue)].length,
        disputes: disputesIn(queue),
        goldPairs: countItems(queue, sql`gold IS NOT NULL`),
        scored: countItems(queue, sql`EXISTS (SELECT 1 FROM item_scores s WHERE s.item_id = items.id)`),
      });
      for (const wanted of [1, 2, 3])
        expect(openPairs(tally, wanted)).toBe(countItems(queue, sql`${isTask} AND ${opinions} < ${wanted}`));
      const row = { ...appDb().select().from(queues).where(eq(queues.id, queue)).get()!, overlap };
      for (let annotator = 1; annotator <= people; annotator++) {
        expect({ total: openPairs(tally), ...personIn(tally, annotator).counts }).toEqual(
          countsBySql(queue, annotator),
        );
        expect(personIn(tally, annotator).model).toEqual(sharedBySql(queue, annotator));
        const wanted = openIn(queue, annotator, overlap, now);
        const asked = { limit: 50, now, frozen: false };
        const given = openTo(annotator, row, tally, asked).map(({ id }) => id);
        expect(given.toSorted((a, b) => a - b)).toEqual(wanted.toSorted((a, b) => a - b));
        const inTurn = openTo(annotator, { ...row, overlap: null }, tally, asked).map(({ id }) => id);
        expect(inTurn).toEqual(openIn(queue, annotator, null, now));
      }
    }),
    { numRuns: 100 },
  );
});

test("L1, P1: the ranking screen and the lists read as many rows of a queue of 3,000 pairs with 3,000 votes as of one of 40, by index", () => {
  const costs = [40, 3000].map((size) => {
    const { id, pairs } = queueOf(size);
    const half = pairs.slice(0, size / 2);
    appDb().transaction(() => {
      for (const annotator of [1, 2]) for (const pair of half) vote(annotator, pair, "first");
    });
    rankingScreen(id, 1); // after a start all is read once
    const { rows, scans } = rowsRead(() => rankingScreen(id, 1));
    const list = rowsRead(() => getQueue(id, 1));
    expect(scans).toEqual([]);
    expect(list.scans).toEqual([]);
    return { screen: rows, list: list.rows };
  });
  expect(costs[1]).toEqual(costs[0]);
});

test("P1: of an annotator's own votes a refill looks at no more where there are 900 than where there are 90", () => {
  const costs = [90, 900].map((judged) => {
    const { id, pairs } = queueOf(1000);
    appDb().update(queues).set({ mirrorPercent: 20 }).where(eq(queues.id, id)).run();
    putScores(
      pairs.map((pair) => ({ id: pair, first: 1, second: 0 })),
      "run",
      0,
    );
    appDb().transaction(() => {
      for (const pair of pairs.slice(0, judged)) vote(1, pair, "first");
    });
    const person = personIn(tallyOf(id), 1);
    let looked = 0;
    person.votes.values = function* () {
      for (const one of Map.prototype.values.call(person.votes)) {
        looked++;
        yield one;
      }
    } as typeof person.votes.values;
    const { queue, tasks } = rankingScreen(id, 1);
    expect(queue.model).toEqual({ agreed: judged, of: judged });
    expect(tasks.some(({ mirror }) => mirror)).toBe(true);
    return looked;
  });
  expect(costs[1]).toBe(costs[0]);
});

test("P1: where nothing was written since, nothing is read again; a vote by another program is", () => {
  const { id, pairs } = queueOf(3);
  expect(tallyOf(id).votes).toBe(0);
  const askedIfChanged = 2; // by others, by us
  expect(statementsRun(() => void tallyOf(id))).toBe(askedIfChanged);
  const other = new Database(appDb().$client.name);
  const add = `INSERT INTO judgements (key, annotator_id, item_id, kind, verdict, strength, shown_left, active_ms, created_at)
    VALUES ('by another program', 1, ?, 'vote', 'first', 2, 'first', 0, 0)`;
  other.prepare(add).run(pairs[0]);
  other.close();
  expect(tallyOf(id).votes).toBe(1);
  expect(statementsRun(() => void tallyOf(id))).toBe(askedIfChanged);
  vote(2, pairs[0]!, "second");
  expect(tallyOf(id).votes).toBe(2);
  appDb().update(queues).set({ judgesCount: true }).where(eq(queues.id, id)).run();
  expect(tallyOf(id).judgesCount).toBe(true);
});
