// Every dataset as the list of them shows it: those that are annotated, and those that came with labels.
import { desc, isNull } from "drizzle-orm";
import { kindWords } from "../../../spec/label-kinds";
import { type Question, questionOf } from "../../../spec/queue-options";
import { sum } from "../../../spec/statistics";
import { openDatasets } from "../../access/dataset-roles";
import { tallyOf } from "../../annotation/judging/tally";
import { openPairs, opinionCounts, type QueueTally } from "../../annotation/judging/tally-state";
import { appDb } from "../../db/client";
import { type Queue, queues } from "../../db/tables/queues";
import { type LabelledSet, labelledSets } from "../../db/tables/training-sets";
import { newestVersion } from "../labelled/versions/versions";
import { type HangsOn, hangsOnLabelled, hangsOnQueue } from "./hangs-on";

export interface DatasetRow {
  kind: "annotate" | "labelled";
  id: number;
  name: string;
  type: string;
  records: number;
  /** Share of the records that have the annotations they need; null where none are asked for. */
  annotated: number | null;
  /** Percent agreement of its annotators, from 0 to 1; null where no two annotated the same record. */
  agreement: number | null;
  updatedAt: number;
  archived: boolean;
  /** Whether people preferred an answer anywhere: it can be trained on. */
  trains: boolean;
  hangsOn: HangsOn;
}

const allQueues = (): Queue[] =>
  appDb().select().from(queues).where(isNull(queues.deletedAt)).orderBy(desc(queues.id)).all();
const allLabelled = (): LabelledSet[] =>
  appDb().select().from(labelledSets).where(isNull(labelledSets.deletedAt)).orderBy(desc(labelledSets.id)).all();

/** The one that changed last first; those that whoever asks may read. */
export const listDatasets = (): DatasetRow[] =>
  [
    ...openDatasets("annotate", allQueues(), "read").map(annotated),
    ...openDatasets("labelled", allLabelled(), "read").map(labelled),
  ].sort((a, b) => b.updatedAt - a.updatedAt);

const toAnnotate: Record<Question, string> = {
  compare: "to annotate",
  single: "to annotate: good or bad",
  steps: "to annotate: first wrong step",
};

function annotated({ id, name, mode, overlap, createdAt, archivedAt }: Queue): DatasetRow {
  const tally = tallyOf(id);
  const [total, needed] = [openPairs(tally), openPairs(tally, overlap ?? 1)];
  return {
    kind: "annotate",
    id,
    name,
    type: toAnnotate[questionOf(mode)],
    records: tally.tasks.length,
    annotated: total === 0 ? null : 1 - needed / total,
    agreement: agreementIn(tally),
    updatedAt: Math.max(createdAt, tally.votedAt),
    archived: archivedAt !== null,
    trains: tally.decided > 0,
    hangsOn: hangsOnQueue(id),
  };
}

/** Of all pairs of opinions on the same record, the share that says the same. */
function agreementIn({ tasks }: QueueTally): number | null {
  const pairsIn = (count: number) => (count * (count - 1)) / 2;
  let [same, all] = [0, 0];
  for (const pair of tasks) {
    if (pair.excluded || pair.opinions < 2) continue;
    all += pairsIn(pair.opinions);
    same += sum(opinionCounts(pair).map(pairsIn));
  }
  return all === 0 ? null : same / all;
}

const labelled = (set: LabelledSet): DatasetRow => {
  const { id, name, holds, createdAt, archivedAt } = set;
  const { rows } = newestVersion(set);
  return {
    kind: "labelled",
    id,
    name,
    type: kindWords[holds],
    records: rows,
    annotated: null,
    agreement: null,
    updatedAt: createdAt,
    archived: archivedAt !== null,
    trains: true,
    hangsOn: hangsOnLabelled({ id, rows }),
  };
};
