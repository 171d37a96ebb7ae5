// What a run can be trained on.
import "server-only";
import type { LabelKind } from "../../spec/label-kinds";
import { isAlone, type Question, questionOf } from "../../spec/queue-options";
import { tallyOf } from "../annotation/judging/tally";
import { isDecided, leaning } from "../annotation/judging/tally-fold";
import type { Pair } from "../annotation/judging/tally-state";
import { listQueues } from "../annotation/queues/list-queues";
import type { QueueDto } from "../annotation/queues/queue-schema";
import { listLabelled } from "../datasets/labelled/labelled-sets";
import { newestVersion } from "../datasets/labelled/versions/versions";
import { sampleSets } from "../datasets/sample-sets";
import { decidedBy } from "../datasets/snapshots/criteria";
import { rewritten } from "../datasets/snapshots/rewrite-pairs";
import type { TrainingSet } from "./run-schema";

/** The sample sets, what people here decided and wrote, and files that came with their labels. */
export const trainingSets = (): TrainingSet[] => [
  ...sampleSets.map(
    ({ id, name, rows, holds, about }): TrainingSet => ({ kind: "sample", id, name, ...counted(holds, rows), about }),
  ),
  ...listQueues(0).flatMap(queueSets),
  ...listLabelled().map((set): TrainingSet => {
    const { id, name, holds } = set;
    const { rows, pairs, imitated } = newestVersion(set);
    return { kind: "labelled", id, name, holds, rows, pairs, imitated, about: "Imported with its labels" };
  }),
];

const counted = (holds: LabelKind, rows: number) => ({
  ...{ holds, rows, imitated: rows },
  pairs: holds === "pairs" ? rows : 0,
});

const about: Record<Question, string> = {
  compare: "Pairs annotated here, without ties and skips",
  single: "Answers judged good or bad here",
  steps: "Solutions whose first wrong step was named here",
};

/** Solutions that are right in every step. */
function rightIn(queueId: number): number {
  const { pairs, tasks } = tallyOf(queueId);
  return [...pairs.values()].filter(
    (pair) => pair.queue.tasks === tasks && !pair.gold && !pair.excluded && isRight(pair),
  ).length;
}
const isRight = (pair: Pair): boolean =>
  isDecided(pair) && (pair.ruling === null ? leaning(pair) > 0 : pair.ruling === "first");

function queueSets({ id, name, mode, decided, equal, rewrites, aspects }: QueueDto): TrainingSet[] {
  const isSingle = isAlone(mode);
  const added = rewritten(id);
  const judged =
    mode === "steps"
      ? { ...counted("stepwise", decided), imitated: rightIn(id) }
      : isSingle
        ? counted("unpaired", decided + added.texts)
        : { ...counted("pairs", decided + added.pairs), equal };
  const rated = isSingle || aspects.length === 0 ? [] : decidedBy(id);
  const written = counted("sft", rewrites);
  return [
    {
      ...{ kind: "queue", id, name, ...judged, criteria: rated },
      about: about[questionOf(mode)],
    },
    ...(rewrites > 0
      ? [{ kind: "rewrites" as const, id, name, ...written, about: "Answers that annotators wrote themselves" }]
      : []),
  ];
}
