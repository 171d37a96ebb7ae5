// A run's model as the files of a folder that other programs read: its adapter in PEFT's format, or worked into its base.
import "server-only";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canBeMerged } from "../../spec/adapters/adapters";
import { AppError } from "../../spec/errors";
import type { FolderType } from "../../spec/export-types";
import { methodOf } from "../../spec/methods/all";
import type { Run } from "../db/tables/runs";
import { adapterNames, companions, weightFile } from "../hub-model-files";
import type { JobHandle } from "../jobs/background";
import { workbench } from "../jobs/workbench";
import { folderOf } from "./folder";
import { modelCard } from "./model-card";
import { adapterFolder, bestOf, checkpointFolder } from "./require-run";

/** The run's result, its best step, or the step of a checkpoint. */
export type At = "last" | "best" | number;

export interface ModelFiles {
  /** README.md, which is not in the folder. */
  card: string;
  folder: string;
  names: string[];
  /** Whoever is through with them says so: a merged model is gone then. */
  done: () => Promise<void>;
}

/** Null for the last step. */
export const stepOf = (run: Run, at: At): number | null =>
  at === "best" ? (bestOf(run)?.step ?? null) : at === "last" ? null : at;

export function folderAt(run: Run, at: At): string {
  if (typeof at === "number") return checkpointFolder(run.id, at);
  if (at === "best" && bestOf(run) !== null) return join(folderOf(run), "best");
  const folder = at === "best" ? null : adapterFolder(run.id);
  if (!folder)
    throw new AppError(404, at === "best" ? "This run keeps no best step." : "This run has saved no adapter yet.");
  return folder;
}

/** What a run writes beside a model whose every weight it trained. */
const runFiles = ["run.json", "best.json", "manifest.json", "quantised.json", "controller.json", "README.md"];
const isModelFile = (name: string) => (weightFile.test(name) || companions.test(name)) && !runFiles.includes(name);

/** As the run left it: an adapter, or the model where every weight was trained. */
export function adapterFiles(run: Run, at: At): ModelFiles {
  const folder = folderAt(run, at);
  const names =
    run.config.adapter === null
      ? readdirSync(/* turbopackIgnore: true */ folder).filter(isModelFile)
      : adapterNames.filter((name) => existsSync(join(folder, name)));
  const form = run.config.adapter === null ? "merged" : "adapter";
  return { card: modelCard(run, form, stepOf(run, at)), folder, names, done: async () => {} };
}

/** `maxShardSize`: of one file of weights, as 5GB. */
export async function mergedFiles(
  run: Run,
  at: At,
  { dtype, maxShardSize }: { dtype: FolderType; maxShardSize?: string | undefined },
  job: JobHandle,
): Promise<ModelFiles> {
  requirePolicy(run);
  const adapter = folderAt(run, at);
  const { folder, done } = await scratchFolder();
  try {
    const options = { dtype, ...(maxShardSize !== undefined && { "max-shard-size": maxShardSize }) };
    await workbench(["merge", run.config.model.source, adapter, folder], { options, job });
    return {
      card: modelCard(run, "merged", stepOf(run, at)),
      folder,
      names: (await readdir(folder)).filter(isNoCard),
      done,
    };
  } catch (error) {
    await done();
    throw error;
  }
}

/** The base's own card says nothing of what was trained on it. */
const isNoCard = (name: string) => name !== "README.md";

/** What a run trained as a model that answers by itself. */
export function requirePolicy(run: Run): void {
  if (methodOf(run.config).produces === "reward-model")
    throw new AppError(400, "A reward model does not generate text; download it as the run left it instead.");
  if (!canBeMerged(run.config.adapter))
    throw new AppError(
      400,
      `An adapter of type ${run.config.adapter?.type} is no part of the model's weights; download it as it is.`,
    );
}

export async function scratchFolder(): Promise<{ folder: string; done: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "workbench-export-"));
  return { folder, done: () => rm(folder, { recursive: true, force: true }) };
}
