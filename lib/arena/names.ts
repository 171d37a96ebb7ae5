// Writers as people know them.
import { appDb } from "../db/client";
import { runs } from "../db/schema";
import { runFolder } from "../env";

/** A run's name for the folder where it left its adapter, else what was given. */
export function nameOfWriter(): (writer: string) => string {
  const known = appDb().select({ id: runs.id, name: runs.name }).from(runs).all();
  return (writer) => known.find(({ id }) => writer.startsWith(runFolder(id)))?.name ?? writer;
}
