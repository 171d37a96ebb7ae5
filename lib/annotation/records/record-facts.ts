// What records are filtered and sorted by beside their votes: where they come from, which models answered, how the lengths compare. Kept in
// memory beside the tally of votes, and read as it is: only the rows added or changed since the last time, from an index that holds no texts.
import { sql } from "drizzle-orm";
import { appDb, type Db } from "../../db/client";
import type { Pair, QueueTally } from "../judging/tally-state";

/** One record: a pair, or all the pairs of a ranking. */
export interface RecordFacts {
  /** The one that stands for it. */
  pair: Pair;
  pairs: Pair[];
  source: string;
  models: string[];
  /** The longer answer over the shorter one, at least 1; of a single answer its length. */
  lengthRatio: number;
  /** Characters of the longest answer. */
  longest: number;
}

interface Facts {
  /** Newest item that was read, and newest change of texts. */
  seen: number;
  seenTexts: number;
  /** By queue, in the order of their positions. */
  queues: Map<QueueTally, RecordFacts[]>;
  /** By the id of any pair of it. */
  records: Map<number, RecordFacts>;
}

interface FactRow {
  id: number;
  source: string;
  writers: string | null;
  first: number;
  second: number;
}

// On globalThis, since the bundler may load this file more than once.
const held = globalThis as { workbenchFacts?: WeakMap<Db, Facts> };

/** They are read anew: where records come from has changed, which nothing but an erasure does. */
export const forgetFacts = (): boolean => held.workbenchFacts?.delete(appDb()) ?? false;

function factsFor(tally: QueueTally): Facts {
  held.workbenchFacts ??= new WeakMap();
  const facts = held.workbenchFacts.get(appDb()) ?? { seen: 0, seenTexts: 0, queues: new Map(), records: new Map() };
  held.workbenchFacts.set(appDb(), facts);
  const rows = appDb().all<FactRow>(sql`SELECT id, source, writers, length("first") AS first, length("second") AS second
    FROM items INDEXED BY items_facts WHERE id > ${facts.seen} ORDER BY id`);
  for (const row of rows) {
    const pair = tally.pairs.get(row.id);
    if (!pair) break; // added since the tally was read
    addTo(facts, pair, row);
    facts.seen = row.id;
  }
  measureAgain(facts);
  return facts;
}

/** Lengths of records whose texts somebody changed. */
function measureAgain(facts: Facts): void {
  const changes = appDb().all<{ seq: number; id: number }>(
    sql`SELECT seq, item_id AS id FROM earlier_texts WHERE seq > ${facts.seenTexts} ORDER BY seq`,
  );
  if (changes.length === 0) return;
  facts.seenTexts = changes.at(-1)!.seq;
  const records = new Set(changes.flatMap(({ id }) => facts.records.get(id) ?? []));
  const ids = [...records].flatMap(({ pairs }) => pairs.map(({ id }) => id));
  const rows = appDb().all<Pick<FactRow, "id" | "first" | "second">>(
    sql`SELECT id, length("first") AS first, length("second") AS second FROM items WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  );
  const lengths = new Map(rows.map((row) => [row.id, row]));
  for (const record of records) {
    record.lengthRatio = ratioOf(lengths.get(record.pair.id)!);
    record.longest = Math.max(...record.pairs.map(({ id }) => longestOf(lengths.get(id)!)));
  }
  for (const queue of new Set([...records].map(({ pair }) => pair.queue)))
    facts.queues.set(queue, [...facts.queues.get(queue)!]); // another list, by which columns see that they are of the one before
}

type Lengths = Pick<FactRow, "first" | "second">;
const longestOf = ({ first, second }: Lengths) => Math.max(first, second);
const ratioOf = (lengths: Lengths) => longestOf(lengths) / Math.max(1, Math.min(lengths.first, lengths.second));

function addTo({ queues, records }: Facts, pair: Pair, { source, writers, ...lengths }: FactRow): void {
  const list = queues.get(pair.queue) ?? [];
  queues.set(pair.queue, list);
  const models = writers === null ? [] : (JSON.parse(writers) as string[]);
  const last = list.at(-1);
  if (pair.place > 0 && last?.pair.position === pair.position) {
    last.pairs.push(pair);
    last.longest = Math.max(last.longest, longestOf(lengths));
    last.models = [...new Set([...last.models, ...models])];
    records.set(pair.id, last);
    return;
  }
  const measured = { lengthRatio: ratioOf(lengths), longest: longestOf(lengths) };
  const record = { pair, pairs: [pair], source, models: [...new Set(models)], ...measured };
  list.push(record);
  records.set(pair.id, record);
  if (last && last.pair.position > pair.position) list.sort((a, b) => a.pair.position - b.pair.position);
}

/** The records of a dataset whose tally has just been read, in their order. */
export const recordsIn = (tally: QueueTally): RecordFacts[] => factsFor(tally).queues.get(tally) ?? [];

/** Those of all datasets, by the id of any of their pairs. */
export const recordsByPair = (tally: QueueTally): ReadonlyMap<number, RecordFacts> => factsFor(tally).records;

/** The record of the dataset that a pair belongs to. */
export function recordOf(tally: QueueTally, pairId: number): RecordFacts | null {
  const record = factsFor(tally).records.get(pairId);
  return record?.pair.queue === tally ? record : null;
}
