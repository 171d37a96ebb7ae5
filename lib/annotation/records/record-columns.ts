// What records are filtered and counted by, as one array for each kind of fact, as long as the dataset: the records themselves are objects all
// over the memory, and a look at a hundred thousand of them takes longer than everything else that a click on a filter asks for. Kept until a
// record of the dataset changes.
import { knownImporter } from "../../people/importer";
import type { Pair, QueueTally } from "../judging/tally-state";
import { accuracyIn, sureness } from "./label-probability";
import { type RecordFacts, recordsIn } from "./record-facts";
import { type Circumstances, ownStatusBits, saidBy } from "./record-statuses";
import { type RangeName, rangeNames, type VoteSaid, votesSaid } from "./records-schema";

export interface RecordColumns {
  records: RecordFacts[];
  ids: Float64Array;
  status: Uint16Array;
  /** NaN where there is none. */
  values: Record<RangeName, Float64Array>;
  /** The votes of record i are those from `firstVote[i]` to before `firstVote[i + 1]`. */
  firstVote: Uint32Array;
  /** Of each vote: who gave it, and the place in `votesSaid` of what it says, or `given`. */
  voter: Float64Array;
  said: Uint8Array;
}

/** Stands for the label that came with the file: it is by the annotator *import*, and says nothing. */
export const given = 255;
const place = Object.fromEntries(votesSaid.map((said, i) => [said, i])) as Record<VoteSaid, number>;

type Depends = Pick<Circumstances, "overlap" | "reveal" | "single">;
interface Kept extends Depends {
  changes: number;
  columns: RecordColumns;
}

// On globalThis, since the bundler may load this file more than once.
const held = globalThis as { workbenchColumns?: WeakMap<QueueTally, Kept[]> };

/** Of a dataset whose tally has just been read. */
export function columnsOf(tally: QueueTally, { overlap, reveal, single }: Depends): RecordColumns {
  const records = recordsIn(tally);
  held.workbenchColumns ??= new WeakMap();
  const current = (held.workbenchColumns.get(tally) ?? []).filter(({ changes }) => changes === tally.changes);
  const known = current.find(
    ({ columns, ...one }) => one.overlap === overlap && one.reveal === reveal && columns.records === records,
  );
  if (known) return known.columns;
  const columns = columnsFor(tally, records, { overlap, reveal, single });
  held.workbenchColumns.set(tally, [
    ...current.slice(-1),
    { overlap, reveal, single, changes: tally.changes, columns },
  ]);
  return columns;
}

function columnsFor(tally: QueueTally, records: RecordFacts[], depends: Depends): RecordColumns {
  const count = records.length;
  const file = knownImporter();
  const labelled = (pair: Pair) => file !== null && pair.given !== 0;
  const votes = records.reduce((sum, { pair }) => sum + pair.standing.length + Number(labelled(pair)), 0);
  const columns: RecordColumns = {
    records,
    ids: new Float64Array(count),
    status: new Uint16Array(count),
    values: Object.fromEntries(rangeNames.map((name) => [name, new Float64Array(count)])) as RecordColumns["values"],
    firstVote: new Uint32Array(count + 1),
    voter: new Float64Array(votes),
    said: new Uint8Array(votes),
  };
  const { ids, status, values, firstVote, voter, said } = columns;
  const accuracy = accuracyIn(tally);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const record = records[i]!;
    const { id, votedAt, standing } = record.pair;
    ids[i] = id;
    status[i] = ownStatusBits(record, depends);
    let longest = Number.NaN;
    firstVote[i] = at;
    if (labelled(record.pair)) {
      voter[at] = file!;
      said[at++] = given;
    }
    for (const vote of standing) {
      voter[at] = vote.person.id;
      said[at++] = place[saidBy(vote, depends.single)];
      if (!(longest > vote.activeMs / 1000)) longest = vote.activeMs / 1000;
    }
    const { p, gap } = sureness(record, accuracy);
    values.p[i] = p ?? Number.NaN;
    values.gap[i] = gap ?? Number.NaN;
    values.length[i] = record.longest;
    values.seconds[i] = longest;
    values.voted[i] = votedAt === 0 ? Number.NaN : votedAt;
  }
  firstVote[count] = at;
  return columns;
}
