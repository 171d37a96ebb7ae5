// Writers as people know them.

import { runOfPath } from "../../../common/env";
import { appDb } from "../../db/client";
import { runs } from "../../db/tables/runs";

/** A run's name for the folder where it left its adapter, else what was given. */
export function nameOfWriter(): (writer: string) => string {
  const known = appDb().select({ id: runs.id, name: runs.name }).from(runs).all();
  const names = new Map(known.map(({ id, name }) => [id, name]));
  return (writer) => names.get(runOfPath(writer) ?? "") ?? writer;
}
