// Which records a filter leaves, and how many each further choice would leave: one pass over arrays that are kept in memory (record-columns.ts).

import { eq } from "drizzle-orm";
import { isAlone } from "../../../spec/queue-options";
import { rowsFound } from "../../data-checks/kept-findings";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { annotatorNames } from "../../people/annotator-names";
import { nameOfWriter } from "../items/writer-names";
import { tallyOf } from "../judging/tally";
import type { QueueTally } from "../judging/tally-state";
import { columnsOf, given, type RecordColumns } from "./record-columns";
import type { RecordFacts } from "./record-facts";
import { type RangeCounts, rangeCounts, rangeTest } from "./record-ranges";
import { bitsOf, type Circumstances, discussedIn, otherStatusBits, returnedIn, statusesIn } from "./record-statuses";
import { recordTagsNow } from "./record-tags";
import {
  type FacetName,
  type RecordPage,
  type RecordSearch,
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
  const { overlap, mode } = appDb()
    .select({ overlap: queues.overlap, mode: queues.mode })
    .from(queues)
    .where(eq(queues.id, queueId))
    .get()!;
  const others = { returned: returnedIn(queueId), discussed: discussedIn(queueId) };
  return { overlap: overlap ?? 1, ...others, reveal, single: isAlone(mode!) };
}

export function select(queueId: number, filter: RecordSearch): Selection {
  const tally = tallyOf(queueId);
  const circumstances = circumstancesOf(queueId, filter.reveal);
  const columns = columnsOf(tally, circumstances);
  const total = columns.records.length;
  const found = both(recordsWith(filter.q, tally), recordsFound(queueId, filter.check));
  return { tally, circumstances, total, ...filtered(columns, found, filter, circumstances) };
}

const recordsFound = (queueId: number, check: string): Set<number> | null =>
  check === "" ? null : new Set(rowsFound({ kind: "queue", id: queueId }, check));

const both = (one: Set<number> | null, other: Set<number> | null): Set<number> | null =>
  one && other ? new Set([...one].filter((id) => other.has(id))) : (one ?? other);

/** A record is counted for a choice where it passes the filters of all other kinds. `found`: those that a search and a data check leave. */
function filtered(
  columns: RecordColumns,
  found: Set<number> | null,
  filter: RecordSearch,
  circumstances: Circumstances,
): Pick<Selection, "matching" | "counts" | "ranges"> {
  const { records, ids, status: statuses } = columns;
  const values = rangeNames.map((name) => columns.values[name]);
  const wantedStatus = bitsOf(filter.status);
  const wantedTags = new Set(filter.tag);
  const sources = new Set(filter.reveal ? filter.source : []);
  const models = new Set(filter.reveal ? filter.model : []);
  const tags = recordTagsNow();
  const rangeTests = rangeNames.map((name) => rangeTest(name, filter));
  const ranges = rangeNames.map(rangeCounts);
  const byStatus = new Uint32Array(1 << recordStatuses.length);
  const counts: Counts = {
    status: new Map(),
    annotator: new Map(),
    said: new Map(),
    tag: new Map(),
    source: new Map(),
    model: new Map(),
  };
  const votes = voteCounter(columns, filter);
  const matching: RecordFacts[] = [];
  for (let i = 0; i < records.length; i++) {
    const id = ids[i]!;
    if (found !== null && !found.has(id)) continue;
    const bits = statuses[i]! | otherStatusBits(id, circumstances);
    const own = tags.size === 0 ? none : (tags.get(id) ?? none);
    const status = wantedStatus === 0 || (bits & wantedStatus) !== 0;
    const source = sources.size === 0 || sources.has(records[i]!.source);
    const model = models.size === 0 || records[i]!.models.some((one) => models.has(one));
    const tag = wantedTags.size === 0 || [...own].some((one) => wantedTags.has(one));
    let failed = Number(!status) + Number(!source) + Number(!model) + Number(!tag);
    let failedRange = -1;
    for (let range = 0; range < rangeTests.length; range++) {
      const test = rangeTests[range]!;
      if (test === null || test(values[range]![i]!)) continue;
      failed++;
      failedRange = range;
    }
    if (!votes.passes(i, failed === 0)) failed++;
    if (failed > 1) continue;
    const passes = failed === 0;
    if (passes || !status) byStatus[bits]!++;
    if (own.size > 0 && (passes || !tag)) for (const one of own) add(counts.tag, one);
    if (filter.reveal && (passes || !source)) add(counts.source, records[i]!.source);
    if (filter.reveal && (passes || !model)) for (const one of records[i]!.models) add(counts.model, one);
    for (let range = 0; range < ranges.length; range++)
      if (passes || failedRange === range) ranges[range]!.add(values[range]![i]!);
    if (passes) matching.push(records[i]!);
  }
  byStatus.forEach((count, bits) => {
    if (count > 0) for (const one of statusesIn(bits)) add(counts.status, one, count);
  });
  votes.addTo(counts);
  return { matching, counts, ranges };
}

const none: ReadonlySet<string> = new Set();

function add<Value>(counts: Map<Value, number>, value: Value, count = 1): void {
  counts.set(value, (counts.get(value) ?? 0) + count);
}

interface VoteCounter {
  /** Whether one vote on record i is by one of the people and says one of the things, where any are named. */
  passes: (i: number, counted: boolean) => boolean;
  addTo: (counts: Counts) => void;
}

/** Each thing that is said counts once a record. */
function voteCounter({ firstVote, voter, said }: RecordColumns, filter: RecordSearch): VoteCounter {
  const people = new Set(filter.annotator);
  const wanted = votesSaid.map((one) => filter.said.includes(one));
  const anything = filter.said.length === 0;
  const byPerson = new Map<number, number>();
  const bySaid = votesSaid.map(() => 0);
  return {
    passes(i, counted) {
      let voted = people.size === 0 && anything;
      let told = 0; // a bit for each thing
      for (let at = firstVote[i]!; at < firstVote[i + 1]!; at++) {
        const [person, what] = [voter[at]!, said[at]!];
        const isBy = people.size === 0 || people.has(person);
        const says = anything || (what !== given && wanted[what]!);
        if (isBy && says) voted = true;
        if (!counted) continue;
        if (says) add(byPerson, person);
        if (!isBy || what === given || told & (1 << what)) continue;
        told |= 1 << what;
        bySaid[what]!++;
      }
      return voted;
    },
    addTo(counts) {
      for (const [person, count] of byPerson) counts.annotator.set(person, count);
      for (const [i, count] of bySaid.entries()) if (count > 0) counts.said.set(votesSaid[i]!, count);
    },
  };
}

/** The choices of each kind with their counts; those of models and sources only where they are revealed. */
export function facetsOf({ counts }: Selection, { annotator, tag }: RecordSearch): NonNullable<RecordPage["facets"]> {
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
  const facets = rangeNames.map((name, i) => [name, ranges[i]!.facet()]);
  return Object.fromEntries(facets) as NonNullable<RecordPage["ranges"]>;
};

/** Choices of a kind that are listed. */
const mostChoices = 30;
