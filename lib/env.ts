// What the environment says, read in one place.
import { join, resolve } from "node:path";

/** Databases, checkpoints, snapshots. */
export const dataFolder = () =>
  resolve(/* turbopackIgnore: true */ process.env.WORKBENCH_DATA ?? join("data", "local"));
export const runFolder = (id: string) => join(dataFolder(), "runs", id);
export const snapshotFile = (sha256: string) => join(dataFolder(), "snapshots", `${sha256}.jsonl`);
