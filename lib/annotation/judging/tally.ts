// The state of every pair and annotator, kept in memory. The tables behind it are append-only (scores have a time that only grows), so
// each call reads only the rows added since the last one, and none where nothing was written: a queue of a hundred thousand pairs costs no
// more than a small one. What these numbers mean is written in plain SQL in tally.test.ts, which holds the two against each other. Read it before a transaction's own votes,
// never after them: one that is rolled back would stay counted.
import { appDb, type Db } from "../../db/client";
import { stateOf } from "../../db/state";
import type { Standing } from "./rulings";
import { addJudgement, addPair, change, countJudges, exclude, type ItemRow, type JudgementRow } from "./tally-fold";
import { type QueueTally, queueIn, type Tally } from "./tally-state";

// On globalThis, since the bundler may load this file more than once.
const held = globalThis as { workbenchTally?: WeakMap<Db, Tally> };

/** The current state of the queue. */
export function tallyOf(queueId: number): QueueTally {
  const tally = kept();
  const queue = queueIn(tally, queueId);
  const state = stateOf(appDb()); // asked for first: what is written meanwhile is then read again
  if (state !== tally.state) readAhead();
  tally.state = state;
  return queue;
}

/** Reads all pairs and votes so far: 100,000 pairs take a second or two, which else the first annotator after a start would wait for. */
export function readAhead(): void {
  const tally = kept();
  appDb().transaction(() => readOn(tally)); // one snapshot: no vote on a pair that is not there yet
}

function kept(): Tally {
  held.workbenchTally ??= new WeakMap();
  const tally = held.workbenchTally.get(appDb()) ?? {
    queues: new Map(),
    pairs: new Map(),
    votes: new Map(),
    judged: new Map(),
    state: "",
    seen: { items: 0, judgements: 0, exclusions: 0, rulings: 0, scores: -1 },
  };
  held.workbenchTally.set(appDb(), tally);
  return tally;
}

/** Of a queue that is gone, which nobody has seen. */
export function forgetQueue(queueId: number): void {
  const tally = held.workbenchTally?.get(appDb());
  const queue = tally?.queues.get(queueId);
  if (!tally || !queue) return;
  tally.queues.delete(queueId);
  for (const [id, pair] of tally.pairs) if (pair.queue === queue) tally.pairs.delete(id);
  for (const [seq, { pair }] of tally.votes) if (pair.queue === queue) tally.votes.delete(seq);
  for (const [seq, { pair }] of tally.judged) if (pair.queue === queue) tally.judged.delete(seq);
}

function readOn(tally: Tally): void {
  const { seen, pairs } = tally;
  const rows = <Row>(query: string, ...values: number[]) =>
    appDb()
      .$client.prepare<number[], Row>(query)
      .all(...values); // kept: drizzle takes longer to write one than SQLite to answer it
  for (const row of inBatches(
    (after) =>
      rows<ItemRow>(
        `SELECT id, queue_id AS queueId, position, place, ranking IS NOT NULL AS inRanking, gold IS NOT NULL AS gold
    FROM items INDEXED BY items_tally WHERE id > ? ORDER BY id LIMIT ?`,
        after,
        atOnce,
      ),
    seen.items,
    ({ id }) => id,
  )) {
    addPair(tally, row);
    seen.items = row.id;
  }

  for (const row of inBatches(
    (after) =>
      rows<JudgementRow>(
        `SELECT seq, item_id AS itemId, annotator_id AS annotatorId, undoes, verdict,
    coalesce(strength, 0) AS strength, wrong_step AS wrongStep, annotator_id IN (SELECT id FROM annotators WHERE kind = 'import') AS given,
    annotator_id IN (SELECT id FROM annotators WHERE kind = 'judge') AS judge, mirror, extra,
    rewrite IS NOT NULL AS rewrite, active_ms AS activeMs, created_at AS createdAt
    FROM judgements WHERE seq > ? ORDER BY seq LIMIT ?`,
        after,
        atOnce,
      ),
    seen.judgements,
    ({ seq }) => seq,
  )) {
    addJudgement(tally, row);
    seen.judgements = row.seq;
  }

  const exclusions = rows<{ seq: number; itemId: number; excluded: number }>(
    `SELECT seq, item_id AS itemId, excluded FROM exclusions WHERE seq > ? ORDER BY seq`,
    seen.exclusions,
  );
  for (const { itemId, excluded } of exclusions) exclude(pairs.get(itemId)!, excluded === 1);
  seen.exclusions = exclusions.at(-1)?.seq ?? seen.exclusions;

  const rulings = rows<{ seq: number; itemId: number; verdict: Standing | "withdrawn" }>(
    `SELECT seq, item_id AS itemId, verdict FROM rulings WHERE seq > ? ORDER BY seq`,
    seen.rulings,
  );
  for (const { seq, itemId, verdict } of rulings)
    change(pairs.get(itemId)!, (pair) => {
      pair.ruling = verdict === "withdrawn" ? null : verdict;
      pair.ruledAt = seq;
    });
  seen.rulings = rulings.at(-1)?.seq ?? seen.rulings;

  const scores = rows<{ itemId: number; first: number | null; second: number | null; createdAt: number }>(
    `SELECT item_id AS itemId, first, second, created_at AS createdAt FROM item_scores WHERE created_at > ? ORDER BY created_at`,
    seen.scores,
  );
  for (const { itemId, first, second } of scores)
    change(pairs.get(itemId)!, (pair) => (pair.scores = first === null || second === null ? null : [first, second]));
  seen.scores = scores.at(-1)?.createdAt ?? seen.scores;

  const settings = rows<{ id: number; judges: number }>(`SELECT id, judges_count AS judges FROM queues`);
  for (const { id, judges } of settings) {
    const queue = tally.queues.get(id);
    if (queue) countJudges(tally, queue, judges === 1);
  }
}

/** Rows that are read together: a table may have a million that are new. */
const atOnce = 10_000;

function* inBatches<Row>(
  read: (after: number) => Row[],
  after: number,
  numberOf: (row: Row) => number,
): Generator<Row> {
  let batch: Row[];
  do {
    batch = read(after);
    yield* batch;
    after = batch.length > 0 ? numberOf(batch.at(-1)!) : after;
  } while (batch.length === atOnce);
}
