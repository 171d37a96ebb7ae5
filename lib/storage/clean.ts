// Deletes what nothing needs any more. Each thing is renamed into trash/ of the data folder while nobody else can write to app.db, then
// emptied, then its rows are deleted: in that order a full disk has room for the rows. Whoever is killed in between leaves a thing whole, or
// in the trash, which the next clean-up and the next start empty.
import { isWhole } from "../../common/checkpoints";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { getRun } from "../runs/attempts";
import { storedFiles } from "./files";
import type { Rules } from "./rules";
import type { Cleaned, Unneeded } from "./storage-schema";
import { emptyTrash, moveToTrash, runOf } from "./trash";
import { limitOf, savedOf, surplusCheckpoints, unneededOf } from "./unneeded";

/** What the rules give, or of it what is among `paths`; what somebody needs by the time its turn comes stays. */
export async function clean(rules: Rules, now: number, paths?: string[]): Promise<Cleaned> {
  await emptyTrash();
  const files = await storedFiles();
  const isWanted = ({ path }: Unneeded) => paths === undefined || paths.includes(path);
  const damaged = damagedRuns(unneededOf(files, rules, now).filter(isWanted), rules.checkpoints);
  const stays = (item: Unneeded) => item.kind === "checkpoint" && damaged.has(runOf(item.path)!);
  const discard = () => {
    const items = unneededOf(files, rules, now).filter((item) => isWanted(item) && !stays(item));
    moveToTrash(items);
    return items;
  };
  // no run is claimed, resumed or launched meanwhile
  const deleted = await retryOnBusyAsync(() => appDb().transaction(discard, { behavior: "immediate" }));
  await emptyTrash();
  return { deleted, kept: [...damaged.values()] };
}

/** What is more than the run file's saveTotalLimit, once another checkpoint is saved. */
export async function keepNewest(id: string): Promise<void> {
  const run = getRun(id)!;
  const most = limitOf(run.config);
  if (most === null || savedOf(id).length <= most) return;
  const discard = () => moveToTrash(surplusCheckpoints([run], appDb().select().from(runs).all(), most));
  await retryOnBusyAsync(() => appDb().transaction(discard, { behavior: "immediate" }));
  await emptyTrash();
}

/** Runs of which an older checkpoint may be the last good one: one that was to stay instead of it is damaged. By run, in a sentence. */
function damagedRuns(items: Unneeded[], most: number): Map<string, string> {
  const ids = new Set(items.flatMap(({ kind, path }) => (kind === "checkpoint" ? runOf(path)! : [])));
  return new Map(
    [...ids].flatMap((id) => {
      const bad = savedOf(id)
        .slice(0, limitOf(getRun(id)!.config) ?? most)
        .find(({ folder, manifestHash }) => !isWhole(folder, manifestHash));
      return bad ? [[id, `${bad.folder} is damaged, so older checkpoints of its run stay`] as const] : [];
    }),
  );
}
