// Which records a filter leaves, and how many each further choice would leave: one pass over what the tally holds in memory.
import { eq } from "drizzle-orm";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { annotatorNames } from "../../people/annotator-names";
import { nameOfWriter } from "../items/writer-names";
import { tallyOf } from "../judging/tally";
import type { QueueTally } from "../judging/tally-state";
import { type RecordFacts, recordsIn } from "./record-facts";
import { bitsOf, type Circumstances, returnedIn, saidBy, statusBits, statusesIn } from "./record-statuses";
import { type FacetName, type RecordFilter, type RecordPage, recordStatuses, votesSaid } from "./records-schema";
import { recordsWith } from "./search-texts";

type Counts = Record<FacetName, Map<string | number, number>>;

export interface Selection {
  tally: QueueTally;
  circumstances: Circumstances;
  total: number;
  /** In the order of the file. */
  matching: RecordFacts[];
  counts: Counts;
}

export function circumstancesOf(queueId: number, reveal: boolean): Circumstances {
  const { overlap } = appDb().select({ overlap: queues.overlap }).from(queues).where(eq(queues.id, queueId)).get()!;
  return { overlap: overlap ?? 1, returned: returnedIn(queueId), reveal };
}

export function select(queueId: number, filter: RecordFilter): Selection {
  const tally = tallyOf(queueId);
  const circumstances = circumstancesOf(queueId, filter.reveal);
  const records = recordsIn(tally);
  const found = recordsWith(filter.q, tally);
  const candidates = found === null ? records : records.filter(({ pair }) => found.has(pair.id));
  return { tally, circumstances, total: records.length, ...filtered(candidates, filter, circumstances) };
}

/** A record is counted for a choice where it passes the filters of all other kinds. */
function filtered(
  records: RecordFacts[],
  filter: RecordFilter,
  circumstances: Circumstances,
): Pick<Selection, "matching" | "counts"> {
  const wantedStatus = bitsOf(filter.status);
  const [people, said] = [new Set(filter.annotator), new Set(filter.said)];
  const sources = new Set(filter.reveal ? filter.source : []);
  const models = new Set(filter.reveal ? filter.model : []);
  const byStatus = new Map<number, number>();
  const counts: Counts = {
    status: new Map(),
    annotator: new Map(),
    said: new Map(),
    source: new Map(),
    model: new Map(),
  };
  const matching = records.filter((record) => {
    const bits = statusBits(record, circumstances);
    const status = wantedStatus === 0 || (bits & wantedStatus) !== 0;
    const source = sources.size === 0 || sources.has(record.source);
    const model = models.size === 0 || record.models.some((one) => models.has(one));
    const voted = countVotes(record, people, said, status && source && model ? counts : null);
    if (voted && source && model) add(byStatus, bits);
    if (filter.reveal && status && voted && model) add(counts.source, record.source);
    if (filter.reveal && status && voted && source) for (const one of record.models) add(counts.model, one);
    return status && voted && source && model;
  });
  for (const [bits, count] of byStatus) for (const one of statusesIn(bits)) add(counts.status, one, count);
  return { matching, counts };
}

function add<Value>(counts: Map<Value, number>, value: Value, count = 1): void {
  counts.set(value, (counts.get(value) ?? 0) + count);
}

/** Whether one vote is by one of the people and says one of the things, where any are named. Each thing said counts once a record. */
function countVotes(
  { pair: { standing } }: RecordFacts,
  people: Set<number>,
  said: Set<string>,
  counts: Counts | null,
): boolean {
  let voted = people.size + said.size === 0;
  const told: string[] = [];
  for (const vote of standing) {
    const what = saidBy(vote);
    const isBy = people.size === 0 || people.has(vote.person.id);
    const says = said.size === 0 || said.has(what);
    if (isBy && says) voted = true;
    if (!counts) continue;
    if (says) add(counts.annotator, vote.person.id);
    if (!isBy || told.includes(what)) continue;
    told.push(what);
    add(counts.said, what);
  }
  return voted;
}

/** The choices of each kind with their counts; those of models and sources only where they are revealed. */
export function facetsOf({ counts }: Selection, { annotator }: RecordFilter): NonNullable<RecordPage["facets"]> {
  const names = annotatorNames();
  const fixed = (name: "status" | "said", values: readonly string[]) =>
    values.flatMap((value) => {
      const count = counts[name].get(value) ?? 0;
      return count > 0 ? [{ value, label: value, count }] : [];
    });
  const byCount = (name: "source" | "model" | "annotator", labelOf: (value: string) => string) =>
    [...counts[name]]
      .sort(([, a], [, b]) => b - a)
      .slice(0, mostChoices)
      .map(([value, count]) => ({ value: String(value), label: labelOf(String(value)), count }));
  for (const id of annotator) if (!counts.annotator.has(id)) counts.annotator.set(id, 0); // so that it can be taken off again
  return {
    status: fixed("status", recordStatuses),
    annotator: byCount("annotator", (id) => names.get(Number(id)) ?? `annotator ${id}`),
    said: fixed("said", votesSaid),
    source: byCount("source", (source) => source),
    model: byCount("model", nameOfWriter()),
  };
}

/** Choices of a kind that are listed. */
const mostChoices = 30;
