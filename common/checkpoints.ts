// Checkpoints as trainers publish them, in `checkpoints/` of a run's folder.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileHash } from "./file-hash";

export interface Saved {
  step: number;
  attempt: number;
  folder: string;
  manifestHash: string;
}

/** Where a run's checkpoint of a step lies. */
export const checkpointPath = (output: string, step: number, attempt: number): string =>
  join(output, "checkpoints", `step-${String(step).padStart(6, "0")}-a${attempt}`);

/** Finished checkpoints, newest first. */
export function checkpointsIn(output: string): Saved[] {
  const folder = join(output, "checkpoints");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .flatMap((name): Saved[] => {
      const [, step, attempt] = /^step-(\d+)-a(\d+)$/.exec(name) ?? [];
      const manifest = join(folder, name, "manifest.json");
      if (step === undefined || !existsSync(manifest)) return [];
      return [
        { step: Number(step), attempt: Number(attempt), folder: join(folder, name), manifestHash: fileHash(manifest) },
      ];
    })
    .sort((a, b) => b.step - a.step || b.attempt - a.attempt);
}

/** Deletes all but the newest `most`; null keeps all. Renamed first, so that what a kill leaves is no checkpoint. */
export function keepNewest(output: string, most: number | null): void {
  if (most === null) return;
  for (const { folder } of checkpointsIn(output).slice(most)) {
    const scratch = join(output, "checkpoints", `tmp-${basename(folder)}`);
    renameSync(folder, scratch);
    rmSync(scratch, { recursive: true });
  }
}

/** Whether a checkpoint is as it was saved: its manifest, and every file that the manifest lists with a hash. */
export function isWhole(folder: string, manifestHash: string): boolean {
  const manifest = join(folder, "manifest.json");
  if (!existsSync(manifest) || fileHash(manifest) !== manifestHash) return false;
  const { files = {} } = JSON.parse(readFileSync(manifest, "utf8")) as { files?: Record<string, string> };
  return Object.entries(files).every(
    ([name, hash]) => existsSync(join(folder, name)) && fileHash(join(folder, name)) === hash,
  );
}
