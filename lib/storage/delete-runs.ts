// Deleting runs: the folder of each goes to the trash first, so that whoever is killed in between leaves a run whole, or in the trash with its
// rows, which the next clean-up empties.
import "server-only";
import { runFolder } from "../../common/env";
import { AppError } from "../../spec/errors";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import type { Run } from "../db/tables/runs";
import { lineageOf } from "../runs/lineage";
import { requireRun } from "../runs/require-run";
import type { Deletion } from "../runs/run-schema";
import { bytesIn } from "./bytes-in";
import { deleteRun, emptyTrash, trashRun } from "./trash";

/** What goes with these runs, and which other runs read what they left behind. */
export const deletionOf = (ids: string[]): Promise<Deletion> =>
  Promise.all(
    ids.map(requireRun).map(async (run) => ({
      id: run.id,
      name: run.name,
      bytes: await bytesIn(runFolder(run.id)),
      usedBy: lineageOf(run)
        .usedBy.filter(({ id }) => !ids.includes(id))
        .map(({ name }) => name),
    })),
  );

export async function deleteRuns(ids: string[]): Promise<void> {
  const discard = () => {
    for (const run of ids.map(requireRun)) {
      refuseBusy(run);
      trashRun(run.id);
    }
  };
  // no run is claimed or resumed meanwhile
  await retryOnBusyAsync(() => appDb().transaction(discard, { behavior: "immediate" }));
  await emptyTrash(); // with the rows of runs that had a folder
  for (const id of ids) await retryOnBusyAsync(() => deleteRun(id));
}

/** Of those that wait for it too: they read what it leaves behind. */
function refuseBusy(run: Run): void {
  if (isBusy(run)) throw new AppError(409, `${run.name} is ${run.status}: stop it before you delete it.`);
  const reader = lineageOf(run).usedBy.find(isBusy);
  if (reader)
    throw new AppError(409, `${reader.name}, which is ${reader.status}, reads ${run.name}: stop that one first.`);
}

const isBusy = ({ status }: Pick<Run, "status">) => status === "queued" || status === "running";
