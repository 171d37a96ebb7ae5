// What decides a run's result beside its config: the content of every file and folder that it names. A checkpoint keeps the hashes, so that a
// resumed run notices other rows or other weights.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileHash } from "../../common/file-hash";
import { modelPath, policyPath } from "../../common/model-paths";
import type { RunConfig } from "../../spec/config";
import { changedInputs } from "../../spec/events";
import { sourcesOf } from "../../spec/fields/data-sources";
import { valueAt } from "../../spec/paths";
import { fieldPaths } from "../../spec/run-fields";
import { dataPath } from "../data/dataset";

/** SHA-256 by the field that names the file; of a list by the field and the place in it. */
export type InputHashes = Record<string, string>;

/** Of every field that the schema of runs marks as a file. */
export function inputHashes(config: RunConfig): InputHashes {
  const named = [...fieldPaths(config.method)].flatMap(([path, { file }]) => (file ? namedAt(config, path) : []));
  return Object.fromEntries(named.map(([path, value]) => [path, contentHash(pathOf(path, value))]));
}

function namedAt(config: RunConfig, path: string): [string, string][] {
  const value = path === "data.train" ? filesOf(config) : valueAt(config, path);
  const listed = Array.isArray(value)
    ? value.map((one, i) => [`${path}.${i}`, one] as const)
    : [[path, value] as const];
  return listed.flatMap(([at, one]) =>
    typeof one === "string" && !(path === "reference" && ["base", "initial"].includes(one)) ? [[at, one]] : [],
  );
}

/** One by itself as it always was, several as a list. */
function filesOf({ data }: RunConfig): string | string[] {
  const sources = sourcesOf(data.train).map(({ source }) => source);
  return typeof data.train === "string" ? data.train : sources;
}

function pathOf(path: string, value: string): string {
  if (path === "model.source") return modelPath(value);
  if (path === "data.eval") return dataPath("eval", value);
  if (path === "data.train" || path.endsWith(".ptx.texts")) return dataPath("train", value);
  return path === "distill.teacher" ? policyPath(value) : value.startsWith("hub:") ? modelPath(value) : value; // a reward model
}

/** Of a folder the weights, configs and templates: what else lies there, logs and checkpoints for one, decides nothing. */
function contentHash(path: string): string {
  if (!statSync(path).isDirectory()) return fileHash(path);
  const told = ["run.json", "best.json", "manifest.json", "trainer_state.json"];
  const names = readdirSync(path).filter((name) => /\.(safetensors|json|jinja|bin|model)$/.test(name));
  return fileHash(
    ...names
      .filter((name) => !told.includes(name))
      .sort()
      .map((name) => join(path, name)),
  );
}

/** Fields whose content is not what it was, in words. */
export const changesOf = (was: InputHashes, is: InputHashes): string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((path) => was[path] !== is[path])
    .map((path) => `${path} was ${short(was[path])} and is ${short(is[path])}`);

/** `changes`: since the checkpoint of this step. */
export function refuseChanges(step: number, changes: string[]): void {
  if (changes.length > 0)
    throw new Error(
      `${changedInputs}: after step ${step} ${changes.join("; ")} (SHA-256). Put back what was there, or go on with what there is now: --allow-changed on the command line, “Resume with what is there now” on the run's page`,
    );
}

const short = (hash: string | undefined) => (hash === undefined ? "not given" : `${hash.slice(0, 12)}…`);
