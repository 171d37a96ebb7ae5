// A run looked at before it starts: what would stop it, each thing at its field; what is odd about it; what it will learn from and need.

import { existsSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { runOfPath } from "../../common/env";
import { withoutQuote } from "../../common/json";
import { policyPath } from "../../common/model-paths";
import { isWholeModel } from "../../common/whole-model";
import { dropoutOf } from "../../spec/adapters/adapters";
import type { RunConfig } from "../../spec/config";
import type { Problem } from "../../spec/errors";
import { FieldError } from "../../spec/field-error";
import { takesFolder } from "../../spec/field-meta";
import { type HeldBase, heldWords, isHeldAlike, learntOver } from "../../spec/fields/model";
import { methodOf } from "../../spec/methods/all";
import { valueAt } from "../../spec/paths";
import type { PreflightReport, SeenRow } from "../../spec/reports";
import { onGpusAddress } from "../../spec/requirements/in-address";
import { fieldPaths } from "../../spec/run-fields";
import { readBaseQuantisation } from "../adapters/base-quantisation";
import { readAdapter } from "../adapters/files";
import type { Tokens } from "../data/tokenize";
import { requireActivationFile } from "../engine/activation-file";
import { refuseOtherVocabulary } from "../inference/frozen-policy";
import type { ModelConfig } from "../models/config";
import { parseModelConfig } from "../models/families";
import { readJson } from "../models/fields";
import type { WeightSource } from "../models/formats/safetensors";
import { heldBlocks } from "../models/held-blocks";
import { readModel } from "../models/load";
import { quantisedLayers } from "../models/quantised-layers";
import { readHead, readStepSeparator } from "../models/score-head";
import { rewardModelPath, scorerConfig } from "../models/scorer-config";
import { requireOwnFile } from "../programs/own-function";
import { schemaCheck } from "../rewards/json-schema";
import { planMemory } from "./memory";
import { savings } from "./memory-advice";
import { refuseDropout } from "./policy";
import { preflight } from "./preflight";
import { prepareData, type RunData } from "./prepare";
import { beyondContext, checkLengths } from "./row-lengths";

/** Everything that can be known without weights. Folders in `later` are yet to be trained. Throws a FieldError for what would stop the run. */
export async function examine(config: RunConfig, later: string[], read = readModel): Promise<PreflightReport> {
  const files = await at("model.source", () => read(config.model.source));
  const { config: model, host, tokenizer, notes } = files;
  await at("model.unquantised", () => quantisedLayers(model, config.model));
  await at("model.quantisation", () => heldBlocks(model, host, config.model));
  for (const named of adaptersOf(config))
    if (!later.includes(named.folder)) await at(named.path, () => checkAdapter(config, named, model));
  await checkReward(config);
  checkSupervision(config, later);
  const data = await at("data.train", () => prepareData(config, tokenizer));
  checkLengths(config, model, data);
  if (config.engine === "workbench" && config.recompute === "disk" && !config.machine)
    await at("recompute", requireActivationFile);
  const { dataset, groups, longestRow: longest, longestText } = data;
  const plan = config.engine === "workbench" ? planMemory(config, model, longest, host, longestText) : null;
  const machine = totalmem();
  const advised = () => advice(config, model, data, host);
  if (plan && plan.peak > 1.2 * machine && !config.machine)
    throw new FieldError(
      "data.maxLength",
      `rows of ${longest} tokens need about ${gigabytes(plan.peak)} of memory and this machine has ${gigabytes(machine)}; ${advised()}`,
    );
  const { train } = groups;
  const report = preflight(train, groups.heldOut, config.data.maxLength);
  const common = {
    notes: [...notes, ...dataset.notes],
    odd: [
      ...oddities(config, report.rows),
      ...otherBases(config),
      ...beyondContext(config, files, data),
      ...(plan && plan.peak > machine ? [tight(plan.peak, machine, config.machine, advised())] : []),
    ],
    memory: plan && { ...plan, machine },
  };
  const seen = ({ input_ids, completion_mask }: Tokens): SeenRow =>
    input_ids.map((id, t) => ({ text: tokenizer.show(id), scored: completion_mask[t] === 1 }));
  if (!methodOf(config).onPolicy)
    return { ...report, ...common, examples: train.slice(0, 3).map((group) => group.map(seen)) };
  // The answers are yet to be sampled: of the rows there are only prompts.
  const asked = train.slice(0, 3).map(([row]) => [seen(row!).filter(({ scored }) => !scored)]);
  return { ...report, ...common, duplicates: { exact: 0, near: 0 }, warnings: [], examples: asked };
}

/** What makes it smaller, in the order to try. */
function advice(
  config: RunConfig,
  model: ModelConfig,
  { longestRow, longestText }: Pick<RunData, "longestRow" | "longestText">,
  host: WeightSource,
): string {
  const found = savings(config, model, longestRow, host, longestText).map(
    ({ change, bytes }) => `${change} saves ${gigabytes(bytes)}`,
  );
  const page = runOfPath(config.model.source) ?? config.model.source;
  const others = `shorter rows, a smaller model, or GPUs (${onGpusAddress(config, longestRow, page)})`;
  return [...found, others].join(", then ");
}

/** `elsewhere`: the other machine that is to train, of which only its name is known. */
function tight(peak: number, machine: number, elsewhere: string | null, advice: string): Problem {
  const [whose, then] = elsewhere
    ? ["the workbench's machine", `; what ${elsewhere} has is not known here`]
    : ["this machine", ": it may be slow or be killed"];
  const message = `about ${gigabytes(peak)} of memory at the peak, and ${whose} has ${gigabytes(machine)}${then}; ${advice}`;
  return { path: "data.maxLength", message };
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** An error of `work` as one of the field, unless it names its own. */
async function at<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof FieldError) throw cause;
    throw new FieldError(path, withoutQuote(cause instanceof Error ? cause.message : String(cause)), { cause });
  }
}

/** What of the reward its schema in spec/ does not know. */
async function checkReward(config: RunConfig): Promise<void> {
  const check = async (end: string, look: (value: string) => void) => {
    for (const [path] of fieldPaths(config.method)) {
      const value = path.endsWith(end) ? valueAt(config, path) : null;
      if (typeof value === "string") await at(path, () => look(value));
    }
  };
  await check(".function.file", (file) => requireOwnFile(file, "reward function"));
  await check(".environment.file", (file) => requireOwnFile(file, "environment"));
  await check(".rules.jsonSchema.schema", schemaCheck);
}

/** Process supervision takes a reward model that judges steps. */
function checkSupervision(config: RunConfig, later: string[]): void {
  const { reward, supervision } = methodOf(config).scoredBy(config) ?? {};
  const [model] = [reward?.model ?? []].flat();
  if (supervision !== "process" || model === undefined || later.includes(model)) return;
  if (readStepSeparator(rewardModelPath(model)) !== null) return;
  throw new FieldError(
    `${methodOf(config).block}.reward.model`,
    `${model} scores answers as wholes, and process supervision takes the rewards of steps: name a process reward model (method prm), or set supervision to outcome`,
  );
}

interface Folder {
  path: string;
  folder: string;
  /** Whether it has to hold a reward model's head. */
  scores: boolean;
}

/** Every adapter that a run builds on: its schema says which fields name one. */
function adaptersOf(config: RunConfig): Folder[] {
  const reference = "reference" in config && !["base", "initial"].includes(config.reference) ? [config.reference] : [];
  const named = [...fieldPaths(config.method)].flatMap(([path, { takes }]) =>
    takesFolder(takes)
      ? foldersAt(config, path).map((folder) => ({ path, folder, scores: takes !== "policy" && takes !== "teacher" }))
      : [],
  );
  return [...named, ...reference.map((folder) => ({ path: "reference", folder, scores: false }))];
}

const foldersAt = (config: RunConfig, path: string): string[] =>
  [valueAt(config, path)].flat().filter((value): value is string => typeof value === "string");

function checkAdapter(run: RunConfig, { path, folder: named, scores }: Folder, model: ModelConfig): void {
  const folder = scores ? rewardModelPath(named) : policyPath(named);
  if (!existsSync(folder)) throw new Error(`there is nothing at ${folder}`);
  if (!scores && folder.endsWith(".gguf"))
    throw new Error(`${named} is a .gguf file; name a run, or a model that is a folder in Hugging Face layout`);
  if (scores && isWholeModel(folder)) return void scorerConfig(folder);
  if (isWholeModel(folder)) {
    if (path === "adapter.init")
      throw new Error(
        `${folder} is a whole model, trained without an adapter; make it model.source, and leave adapter.init empty`,
      );
    const config = join(folder, "config.json");
    refuseOtherVocabulary(folder, parseModelConfig(readJson(config), config), model);
    return;
  }
  const { tuner, weights } = readAdapter(folder, model);
  for (const tensor of weights.values()) tensor.dispose();
  if (path === "adapter.init") refuseDropout(named, tuner, dropoutOf(run.adapter));
  if (scores) readHead(folder, model.hiddenSize).dispose();
}

/** Adapters that were trained over other weights than the run holds them over. */
function otherBases(config: RunConfig): Problem[] {
  const words = (held: HeldBase) => (held.quantisation ? `in ${heldWords(held)}` : "that is not quantised");
  const own = learntOver(config.model);
  return adaptersOf(config).flatMap(({ path, folder: named, scores }) => {
    const folder = scores ? rewardModelPath(named) : policyPath(named);
    if (!existsSync(folder) || isWholeModel(folder)) return [];
    const other = readBaseQuantisation(folder);
    if (isHeldAlike(other, own)) return [];
    const message = `${named} was trained over a base ${words(other)} and answers here over one ${words(own)}`;
    return [{ path, message }];
  });
}

/** What can start and is probably not meant. */
function oddities(config: RunConfig, rows: { train: number; heldOut: number }): Problem[] {
  const found: Problem[] = [];
  const odd = (path: string, message: string) => found.push({ path, message });
  const perStep = methodOf(config).rowsPerStep(config);
  const steps =
    config.maxSteps ?? (methodOf(config).onPolicy ? null : Math.ceil((config.epochs * rows.train) / perStep));
  for (const name of ["evalEvery", "sampleEvery", "saveEvery"] as const)
    if (steps !== null && (config[name] ?? 0) > steps)
      odd(name, `more than the run's ${steps} steps: only the last one counts`);
  if (config.evalEvery !== null && rows.heldOut === 0) odd("evalEvery", "no row is held out to evaluate on");
  if (!methodOf(config).onPolicy && perStep > rows.train)
    odd("batchSize", `a step takes ${perStep} rows and there are ${rows.train}: some come twice`);
  return found;
}
