// Writers as people know them.

import { runOfPath } from "../../../common/env";
import { seenRuns } from "../../access/hidden-runs";
import { appDb } from "../../db/client";
import { runs } from "../../db/tables/runs";

/** A run's name for the folder where it left its adapter, or its id where it is not there for whoever asks; else what was given. */
export function nameOfWriter(): (writer: string) => string {
  const known = seenRuns(appDb().select({ id: runs.id, name: runs.name }).from(runs).all());
  const names = new Map(known.map(({ id, name }) => [id, name]));
  return (writer) => {
    const run = runOfPath(writer);
    return run === null ? writer : (names.get(run) ?? `run ${run}`);
  };
}
