// TRL's checkpoints under the names, and with the manifest, that a run's checkpoints have. They hold TRL's own optimiser and random state.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { checkpointPath, isWhole } from "../../common/checkpoints";
import { fileHash } from "../../common/file-hash";
import { syncPath } from "../../common/whole-file";
import { changesOf, type InputHashes, refuseChanges } from "../run/inputs";

const manifestName = "manifest.json";
const manifest = z.object({ inputs: z.record(z.string(), z.string()) });

interface Run {
  folder: string;
  attempt: number;
  /** What it reads, by content. */
  inputs: InputHashes;
}
interface Published {
  step: number;
  folder: string;
  manifestHash: string;
}

/** Moves what TRL has saved to where the run's checkpoints are. */
export function publish(saved: string, step: number, { folder, attempt, inputs }: Run): Published {
  const files = Object.fromEntries(
    readdirSync(saved, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== manifestName)
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(saved.length + 1), fileHash(path)]),
  );
  for (const name of Object.keys(files)) syncPath(join(saved, name)); // Python leaves that to the system
  const text = JSON.stringify({ step, inputs, files }, null, 2);
  writeFileSync(join(saved, manifestName), text, { flush: true });
  syncPath(saved);
  const target = checkpointPath(folder, step, attempt);
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(saved, target);
  syncPath(dirname(target));
  return { step, folder: target, manifestHash: createHash("sha256").update(text).digest("hex") };
}

/** Of checkpoints, newest first, the first that is as it was saved. Throws where the run now reads other files, unless that is allowed. */
export function newestWhole(checkpoints: Published[], inputs: InputHashes, allowChanged: boolean): Published | null {
  const found = checkpoints.find(({ folder, manifestHash }) => isWhole(folder, manifestHash)) ?? null;
  if (!found || allowChanged) return found;
  const saved = manifest.parse(JSON.parse(readFileSync(join(found.folder, manifestName), "utf8")));
  refuseChanges(found.step, changesOf(saved.inputs, inputs));
  return found;
}

/** Copies the model or adapter that TRL has left to where a run's result is. */
export function publishResult(output: string, folder: string): void {
  const names = readdirSync(output, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of names.filter(({ name }) => name !== "README.md" && name !== "training_args.bin"))
    cpSync(join(output, name), join(folder, name));
}
