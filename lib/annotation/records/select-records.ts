// Which records a filter leaves, and how many each further choice would leave: one pass over what the tally holds in memory.
import { eq } from "drizzle-orm";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { annotatorNames } from "../../people/annotator-names";
import { knownImporter } from "../../people/importer";
import { nameOfWriter } from "../items/writer-names";
import { tallyOf } from "../judging/tally";
import type { QueueTally } from "../judging/tally-state";
import { type RecordFacts, recordsIn } from "./record-facts";
import { type RangeCounts, rangeCounts, rangeTest } from "./record-ranges";
import { bitsOf, type Circumstances, returnedIn, saidBy, statusBits, statusesIn } from "./record-statuses";
import { recordTagsNow } from "./record-tags";
import {
  type FacetName,
  type RecordFilter,
  type RecordPage,
  rangeNames,
  recordStatuses,
  votesSaid,
} from "./records-schema";
import { recordsWith } from "./search-texts";

type Counts = Record<FacetName, Map<string | number, number>>;

export interface Selection {
  tally: QueueTally;
  circumstances: Circumstances;
  total: number;
  /** In the order of the file. */
  matching: RecordFacts[];
  counts: Counts;
  /** In the order of `rangeNames`. */
  ranges: RangeCounts[];
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
): Pick<Selection, "matching" | "counts" | "ranges"> {
  const wantedStatus = bitsOf(filter.status);
  const [people, said, wantedTags] = [new Set(filter.annotator), new Set(filter.said), new Set(filter.tag)];
  const sources = new Set(filter.reveal ? filter.source : []);
  const models = new Set(filter.reveal ? filter.model : []);
  const tags = recordTagsNow();
  const file = knownImporter();
  const rangeTests = rangeNames.map((name) => rangeTest(name, filter));
  const ranges = rangeNames.map(rangeCounts);
  const byStatus = new Map<number, number>();
  const counts: Counts = {
    status: new Map(),
    annotator: new Map(),
    said: new Map(),
    tag: new Map(),
    source: new Map(),
    model: new Map(),
  };
  const matching = records.filter((record) => {
    const bits = statusBits(record, circumstances);
    const own = tags.size === 0 ? none : (tags.get(record.pair.id) ?? none);
    const status = wantedStatus === 0 || (bits & wantedStatus) !== 0;
    const source = sources.size === 0 || sources.has(record.source);
    const model = models.size === 0 || record.models.some((one) => models.has(one));
    const tag = wantedTags.size === 0 || [...own].some((one) => wantedTags.has(one));
    let failed = Number(!status) + Number(!source) + Number(!model) + Number(!tag);
    let failedRange = -1;
    for (let i = 0; i < rangeTests.length; i++) {
      if (rangeTests[i] === null || rangeTests[i]!(record)) continue;
      failed++;
      failedRange = i;
    }
    if (!countVotes(record, people, said, failed === 0 ? counts : null, file)) failed++;
    if (failed > 1) return false;
    const passes = failed === 0;
    if (passes || !status) add(byStatus, bits);
    if (own.size > 0 && (passes || !tag)) for (const one of own) add(counts.tag, one);
    if (filter.reveal && (passes || !source)) add(counts.source, record.source);
    if (filter.reveal && (passes || !model)) for (const one of record.models) add(counts.model, one);
    for (let i = 0; i < ranges.length; i++) if (passes || failedRange === i) ranges[i]!.add(record);
    return passes;
  });
  for (const [bits, count] of byStatus) for (const one of statusesIn(bits)) add(counts.status, one, count);
  return { matching, counts, ranges };
}

const none: ReadonlySet<string> = new Set();

function add<Value>(counts: Map<Value, number>, value: Value, count = 1): void {
  counts.set(value, (counts.get(value) ?? 0) + count);
}

/**
 * Whether one vote is by one of the people and says one of the things, where any are named. Each thing said counts once a record; the label
 * that came with a file is by the annotator `file`, and says nothing.
 */
function countVotes(
  { pair: { standing, given } }: RecordFacts,
  people: Set<number>,
  said: Set<string>,
  counts: Counts | null,
  file: number | null,
): boolean {
  let voted = people.size + said.size === 0;
  if (given !== 0 && file !== null && said.size === 0) {
    if (people.has(file)) voted = true;
    if (counts) add(counts.annotator, file);
  }
  if (standing.length === 0) return voted;
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
export function facetsOf({ counts }: Selection, { annotator, tag }: RecordFilter): NonNullable<RecordPage["facets"]> {
  const names = annotatorNames();
  const fixed = (name: "status" | "said", values: readonly string[]) =>
    values.flatMap((value) => {
      const count = counts[name].get(value) ?? 0;
      return count > 0 ? [{ value, label: value, count }] : [];
    });
  const byCount = (name: "source" | "model" | "annotator" | "tag", labelOf: (value: string) => string) =>
    [...counts[name]]
      .sort(([, a], [, b]) => b - a)
      .slice(0, mostChoices)
      .map(([value, count]) => ({ value: String(value), label: labelOf(String(value)), count }));
  for (const one of tag) if (!counts.tag.has(one)) counts.tag.set(one, 0);
  for (const id of annotator) if (!counts.annotator.has(id)) counts.annotator.set(id, 0); // so that it can be taken off again
  return {
    status: fixed("status", recordStatuses),
    annotator: byCount("annotator", (id) => names.get(Number(id)) ?? `annotator ${id}`),
    said: fixed("said", votesSaid),
    tag: byCount("tag", (tag) => tag),
    source: byCount("source", (source) => source),
    model: byCount("model", nameOfWriter()),
  };
}

export const rangesOf = ({ ranges }: Selection): NonNullable<RecordPage["ranges"]> => {
  const [length, seconds, voted] = ranges.map((counts) => counts.facet());
  return { length: length!, seconds: seconds!, voted: voted! };
};

/** Choices of a kind that are listed. */
const mostChoices = 30;
