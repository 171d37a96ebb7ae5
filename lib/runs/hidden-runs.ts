// Runs that learnt from a dataset which whoever asks may not read: their samples and rows are its records.
import { closedDatasets } from "../access/dataset-roles";
import { runsOnLabelled, runsOnQueue } from "../datasets/manage/hangs-on";

const hiddenRuns = (): Set<string> =>
  new Set(
    closedDatasets().flatMap(({ kind, id }) =>
      (kind === "annotate" ? runsOnQueue(id) : runsOnLabelled(id)).map((run) => run.id),
    ),
  );

export function seenRuns<Run extends { id: string }>(runs: Run[]): Run[] {
  const hidden = hiddenRuns();
  return hidden.size === 0 ? runs : runs.filter(({ id }) => !hidden.has(id));
}
