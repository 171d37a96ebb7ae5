// What a run can be trained on.
import "server-only";
import type { LabelKind } from "../../spec/label-kinds";
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

function queueSets({ id, name, mode, decided, equal, rewrites, aspects }: QueueDto): TrainingSet[] {
  const isSingle = mode === "single";
  const added = rewritten(id);
  const judged = isSingle
    ? counted("unpaired", decided + added.texts)
    : { ...counted("pairs", decided + added.pairs), equal };
  const rated = isSingle || aspects.length === 0 ? [] : decidedBy(id);
  const written = counted("sft", rewrites);
  return [
    {
      ...{ kind: "queue", id, name, ...judged, criteria: rated },
      about: isSingle ? "Answers judged good or bad here" : "Pairs annotated here, without ties and skips",
    },
    ...(rewrites > 0
      ? [{ kind: "rewrites" as const, id, name, ...written, about: "Answers that annotators wrote themselves" }]
      : []),
  ];
}
