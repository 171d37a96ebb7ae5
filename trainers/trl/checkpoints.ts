// TRL's checkpoints under the names, and with the manifest, that a run's checkpoints have. They hold TRL's own optimiser and random state.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isWhole } from "../../common/checkpoints";
import { fileHash } from "../../common/file-hash";
import { syncPath } from "../../common/whole-file";

interface Published {
  step: number;
  folder: string;
  manifestHash: string;
}

/** Moves what TRL has saved to where the run's checkpoints are. */
export function publish(saved: string, folder: string, step: number, attempt: number): Published {
  const files = Object.fromEntries(
    readdirSync(saved, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(saved.length + 1), fileHash(path)]),
  );
  const text = JSON.stringify({ step, files }, null, 2);
  writeFileSync(join(saved, "manifest.json"), text, { flush: true });
  syncPath(saved);
  const target = join(folder, "checkpoints", `step-${String(step).padStart(6, "0")}-a${attempt}`);
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(saved, target);
  syncPath(dirname(target));
  return { step, folder: target, manifestHash: createHash("sha256").update(text).digest("hex") };
}

/** Of checkpoints, newest first, the first that is as it was saved. */
export const newestWhole = (checkpoints: Published[]): Published | null =>
  checkpoints.find(({ folder, manifestHash }) => isWhole(folder, manifestHash)) ?? null;

/** Copies the model or adapter that TRL has left to where a run's result is. */
export function publishResult(output: string, folder: string): void {
  const names = readdirSync(output, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of names.filter(({ name }) => name !== "README.md" && name !== "training_args.bin"))
    cpSync(join(output, name), join(folder, name));
}
