// What the environment says, read in one place.
import { delimiter, join, resolve, sep } from "node:path";

/** Databases, checkpoints, snapshots. */
export const dataFolder = () =>
  resolve(/* turbopackIgnore: true */ process.env.WORKBENCH_DATA ?? join("data", "local"));
export const runsFolder = () => join(dataFolder(), "runs");
export const runFolder = (id: string) => join(runsFolder(), id);
/** Whose folder a path is or lies in; null outside of them. */
export const runOfPath = (path: string): string | null =>
  path.startsWith(runsFolder() + sep) ? (path.slice(runsFolder().length + 1).split(sep)[0] ?? null) : null;
export const snapshotFile = (sha256: string) => join(dataFolder(), "snapshots", `${sha256}.jsonl`);

/** Folders, beside the workbench's own, whose files a request may name. */
export const allowedFolders = (): string[] =>
  (process.env.WORKBENCH_FOLDERS ?? "").split(delimiter).filter((folder) => folder.trim() !== "");
