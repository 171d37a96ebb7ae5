// A run from its config to its adapter: loads the model, prepares data and method, hands all to the loop.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Alert, createWatch } from "../../spec/alerts";
import type { Answer } from "../../spec/answers";
import type { Check } from "../../spec/checks";
import type { RunConfig } from "../../spec/config";
import type { Recompute } from "../../spec/fields/common";
import { type Histogram, histogramOf, type SpreadName } from "../../spec/histograms";
import { methodOf } from "../../spec/methods/all";
import type { MetricRow } from "../../spec/metrics/catalogue";
import type { Plan } from "../../spec/reports";
import { type Adapter, cloneAdapter } from "../adapters/adapter";
import { readAdapter, writeAdapter } from "../adapters/files";
import { createAdapter } from "../adapters/kinds";
import { writeCompanions } from "../adapters/merge";
import type { Dataset, Example } from "../data/dataset";
import { writeTokenFile } from "../data/token-file";
import type { Stats, Variables } from "../engine/gradients";
import type { Tree } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import { createMeter, heldOutStats, rewardScale } from "../evaluation/held-out";
import { createSpeaker, type FixedPrompt } from "../evaluation/on-policy";
import { columns, layoutOf } from "../inference/batches";
import {
  checkScores,
  createReference,
  memoryCache,
  policyHash,
  type Reference,
  type ScoreCache,
} from "../inference/reference";
import type { Method } from "../methods/method";
import { checkedReward, chosenReward, ppoRoles, roundRoles, runReward } from "../methods/shared/roles";
import { streamSafetensors } from "../models/formats/safetensors";
import { headName } from "../models/head-name";
import { type LoadedFiles, readModel } from "../models/load";
import { createHead } from "../models/score-head";
import type { Model } from "../models/transformer";
import { frozenWeights, randomWeights, trainableWeights } from "../models/weights";
import type { Reward } from "../rewards/rewards";
import { bestKeeper, noProgress, saveCheckpoint, type Trained } from "./checkpoint";
import { checkFreshAdapter, checkMasks, checkPadding, checkReference, checkStart } from "./checks";
import { inputHashes } from "./inputs";
import { isDue, train } from "./loop";
import { planMemory } from "./memory";
import { createOptimizer } from "./optimizer";
import { preflight, summary } from "./preflight";
import { prepare } from "./prepare";
import { restore } from "./restore";

/** Where a run's news goes: the database under the runner, standard output on the command line. */
export interface Observer {
  note(text: string): void;
  started(info: { step: number; totalSteps: number; trainRows: number; heldOutRows: number; parameters: number }): void;
  metrics(row: MetricRow): void;
  answers(step: number, answers: Answer[]): void;
  alert(alert: Alert): void;
  histogram(step: number, name: SpreadName, histogram: Histogram): void;
  checkpoint(step: number, folder: string, manifestHash: string): void;
  /** Something that must hold does. */
  checked(check: Check): void;
  /** People are to judge the pairs of a request in the output folder. */
  waiting(asked: { round: number; request: string; answer: string }): void;
}

/** Looks at nothing. */
export const silent: Observer = {
  checked() {},
  waiting() {},
  note() {},
  started() {},
  metrics() {},
  answers() {},
  alert() {},
  histogram() {},
  checkpoint() {},
};

export interface Resume {
  folder: string;
  manifestHash: string;
}

export interface RunOptions {
  observer: Observer;
  signal: AbortSignal;
  /** Newest first; the first whole one is taken. */
  resume?: Resume[];
  /** What earlier attempts logged up to where this one begins, asked for once it has: alerts judge the run as a whole. */
  history?: () => Iterable<MetricRow>;
  attempt?: number;
  /** Goes on from a checkpoint although data or weights are not those that it was trained on. */
  allowChanged?: boolean;
  /** Where to write every row's ids and masks as fed. */
  tokensFile?: string;
  /** Where the reference's log-probabilities are kept between runs. */
  scoreCache?: (policy: string) => ScoreCache;
}

/** Runs to the end, or to an abort (false). The final adapter lies in `config.output` itself, in PEFT format. */
export async function run(
  config: RunConfig,
  {
    observer,
    signal,
    resume = [],
    history,
    attempt = 1,
    allowChanged = false,
    tokensFile,
    scoreCache = memoryCache,
  }: RunOptions,
): Promise<boolean> {
  mkdirSync(config.output, { recursive: true });
  observer.note(`loading ${config.model.source}`);
  const files = await readModel(config.model.source);
  const { tokenizer } = files;
  const { dataset, groups, written, createMethod } = await prepare(config, tokenizer);
  const longestRow = groups.reduce((most, group) => Math.max(most, columns(layoutOf([group]))), 0);
  const plan = resolvePlan(config, files, longestRow, attempt > 1);
  observer.note(
    `recompute ${plan.recompute}, ${plan.microBatchTokens} tokens at once; about ${(plan.peak / 1e9).toFixed(1)} GB of memory at the peak`,
  );
  const { model, policy, variables: own } = trainable(files, config, plan.recompute);
  const reference = "reference" in config ? referenceAdapter(config.reference, model, policy) : undefined;
  const { dtype } = config.model;
  const { pad } = tokenizer;
  const online = methodOf(config).onPolicy;
  const scorer = reference === undefined || online ? undefined : makeScorer(reference);
  const startsAsBase = resume.length === 0 && config.adapter?.init === undefined;
  const looked = (source: Reward | null) => source && (startsAsBase ? checkedReward(source, observer) : source);
  const reward = looked(runReward(config, model, tokenizer));
  const judged = { reward: reward!, reference: reference ?? null, tokenizer };
  const roles = config.method === "ppo" ? ppoRoles(config, model, policy!, judged) : undefined;
  const variables: Variables = new Map([...own, ...(roles?.critic.variables ?? [])]);
  const parts = {
    context: { model, policy, pad, microBatchTokens: plan.microBatchTokens },
    reference: scorer,
    head: variables.get(headName) as tf.Tensor2D | undefined,
    roles,
    groupRoles: { ...judged, critic: null },
    rounds: config.method === "iterative-dpo" ? roundRoles(config, policy!, reward, tokenizer, observer) : undefined,
    checked: observer.checked,
  };
  const method = createMethod(parts);
  for (const note of [...files.notes, ...dataset.notes]) observer.note(note);
  observer.checked(checkMasks(groups));
  if (!online) {
    const [train, heldOut] = [groups.slice(0, dataset.train.length), groups.slice(dataset.train.length)];
    const report = preflight(train, heldOut, config.data.maxLength);
    for (const line of [summary(report), ...report.warnings]) observer.note(line);
  }
  if (tokensFile) writeTokenFile(tokensFile, tokenizer.pad, written);

  const trained: Trained = {
    adapter: policy,
    variables,
    optimizer: createOptimizer(config.optimizer, variables),
    base: config.model.source,
    inputs: inputHashes(config),
    progress: noProgress(),
    ...(roles && { critic: roles.critic.adapter, controller: roles.controller }),
  };
  restore(trained, resume, allowChanged, observer);
  const totalSteps = stepsOf(config, dataset.train.length, method);
  observer.started({
    step: trained.optimizer.step,
    totalSteps,
    trainRows: dataset.train.length,
    heldOutRows: dataset.heldOut.length,
    parameters: [...variables.values()].reduce((sum, v) => sum + v.size, 0),
  });
  const prompts = config.sampleEvery === null ? [] : fixedPrompts(dataset, config.samplePrompts);
  const speak =
    prompts.length === 0
      ? null
      : createSpeaker(prompts, config, {
          model,
          policy,
          reference: policy ? (reference ?? null) : undefined,
          tokenizer,
          reward: config.sampleReward === null ? reward : looked(chosenReward(config.sampleReward, model, tokenizer)),
        });

  const meter = createMeter(method);
  const keepBest = bestKeeper(config.output, trained);
  const due = (every: number | null, step: number) =>
    every !== null && (isDue(every, step, method.cycle ?? 1) || step === totalSteps);
  const [watch, alarm] = [createWatch(), new AbortController()];
  for (const row of history?.() ?? []) watch(row);
  const finished = await train({
    config,
    method,
    variables,
    optimizer: trained.optimizer,
    progress: trained.progress,
    totalSteps,
    signal: AbortSignal.any([signal, alarm.signal]),
    // After EOS nothing may be read, so padding with EOS itself must change no number.
    twin:
      resume.length === 0 && !online
        ? createMethod({ ...parts, context: { ...parts.context, pad: tokenizer.eos } })
        : null,
    hooks: {
      spread(step, spread) {
        for (const [name, values] of Object.entries(spread) as [SpreadName, number[]][]) {
          const histogram = histogramOf(values);
          if (histogram) observer.histogram(step, name, histogram);
        }
      },
      padded: (usual, other) => observer.checked(checkPadding(usual, other)),
      log(row) {
        observer.metrics(row);
        for (const alert of watch(row)) {
          observer.alert(alert);
          if (config.stopOnAlert) alarm.abort();
        }
      },
      first(stats, gradients) {
        const fresh = config.adapter !== null && config.adapter.init === undefined;
        const still = fresh && checkFreshAdapter(policy!, gradients);
        if (still) observer.checked(still);
        if (
          scorer &&
          "reference" in config &&
          (config.reference === "initial" || (fresh && config.reference === "base"))
        )
          observer.checked(checkStart(config, stats));
      },
      evaluate(step) {
        const stats: Stats =
          due(config.evalEvery, step) && dataset.heldOut.length > 0 ? heldOutStats(meter(method.heldOut())) : {};
        const { eval_loss: loss } = stats;
        if (step > 0 && loss !== undefined && keepBest(step, loss))
          observer.note(`best so far: step ${step} with a held-out loss of ${loss.toPrecision(4)}, kept in best/`);
        if (!speak || !due(config.sampleEvery, step)) return stats;
        const spoken = speak();
        observer.answers(step, spoken.answers);
        return { ...stats, ...spoken.stats };
      },
      save(step) {
        const folder = join(config.output, "checkpoints", `step-${String(step).padStart(6, "0")}-a${attempt}`);
        observer.checkpoint(step, folder, saveCheckpoint(folder, step, trained));
      },
    },
  });
  if (finished) {
    const unchanged = scorer && checkReference(scorer, groups, dtype);
    if (unchanged) observer.checked(unchanged);
    observer.checked({ name: "finite", detail: `every metric of ${trained.optimizer.step} steps is a finite number` });
    writeResult(config, trained, files);
    if (config.method === "reward") {
      const scale = rewardScale(meter(dataset.heldOut.length > 0 ? method.heldOut() : method.batches(0)));
      writeFileSync(join(config.output, "reward.json"), `${JSON.stringify(scale)}\n`, { flush: true });
      observer.note(
        `scores of ${scale.answers} answers have mean ${scale.mean.toPrecision(3)} and deviation ${scale.deviation.toPrecision(3)}; kept in reward.json`,
      );
    }
  }
  tf.disposeVariables();
  return finished;

  function makeScorer(adapter: Adapter | null): Reference {
    const cache = scoreCache(policyHash(files.contentHash(), dtype, adapter));
    const scorer = createReference({ model, adapter, cache, pad });
    const refused = checkScores(scorer, cache, groups);
    if (refused) observer.note(refused);
    return scorer;
  }
}

/** Optimiser steps of the run; whole cycles where a method has them. */
function stepsOf(config: RunConfig, rows: number, method: Method<Tree>): number {
  const { maxSteps, epochs } = config;
  const { cycle = 1, steps = Math.ceil((epochs * rows) / methodOf(config).rowsPerStep(config)) } = method;
  return maxSteps === null ? steps : Math.ceil(maxSteps / cycle) * cycle;
}

/** The model with what is trained as variables: an adapter over a frozen base, or every weight. */
function trainable(
  { config: modelConfig, host }: LoadedFiles,
  config: RunConfig,
  recompute: Recompute,
): { model: Model; policy: Adapter | null; variables: Variables } {
  const head: Variables =
    config.method === "reward"
      ? new Map([[headName, tf.variable(createHead(config.reward.headInit, modelConfig.hiddenSize, config.seed))]])
      : new Map();
  if (config.adapter === null) {
    const scratch = config.method === "sft" && config.sft.fromScratch;
    const start = scratch ? randomWeights(modelConfig, config.seed) : host;
    const { weights, variables } = trainableWeights(modelConfig, start);
    return {
      model: { config: modelConfig, weights, recompute },
      policy: null,
      variables: new Map([...variables, ...head]),
    };
  }
  const model = { config: modelConfig, weights: frozenWeights(modelConfig, host, config.model.dtype), recompute };
  const start = config.adapter.init
    ? readAdapter(config.adapter.init, modelConfig)
    : createAdapter(modelConfig, config.adapter, config.seed);
  const variables: Variables = new Map([
    ...[...start.weights].map(([name, tensor]) => [name, tf.variable<tf.Rank>(tensor)] as const),
    ...head,
  ]);
  return { model, policy: { ...start, weights: variables }, variables };
}

/** Null is the base with adapters off. */
function referenceAdapter(name: string, model: Model, policy: Adapter | null): Adapter | null {
  if (name === "base") return null;
  if (name === "initial") return cloneAdapter(policy!);
  return readAdapter(name, model.config);
}

/** The plan of the run's earlier attempts, so that it goes on bit for bit, or a new one; kept in run.json with the rest of the config. */
function resolvePlan(config: RunConfig, { config: model }: LoadedFiles, longestRow: number, again: boolean): Plan {
  const path = join(config.output, "run.json");
  const started = again && existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const { recompute = config.recompute, microBatchTokens = config.microBatchTokens } = started as Partial<RunConfig>;
  const plan = planMemory({ ...config, recompute, microBatchTokens }, model, longestRow);
  const resolved = { ...config, recompute: plan.recompute, microBatchTokens: plan.microBatchTokens };
  writeFileSync(path, `${JSON.stringify(resolved, null, 2)}\n`);
  return plan;
}

/** The first distinct prompts that are not trained on, or of the training rows where none are held out. */
function fixedPrompts({ heldOut, train }: Dataset<unknown>, count: number): FixedPrompt[] {
  const distinct = new Map<string, FixedPrompt>();
  for (const { prompt, promptIds } of [...heldOut, ...train] as Example<unknown>[]) {
    if (distinct.size === count) break;
    if (prompt !== null && promptIds.length > 0) distinct.set(JSON.stringify(prompt), { prompt, ids: promptIds });
  }
  return [...distinct.values()];
}

/** The adapter in PEFT format, or the whole model with its tokenizer. */
function writeResult({ output, model }: RunConfig, { adapter, variables, critic }: Trained, files: LoadedFiles): void {
  if (adapter) {
    writeAdapter(output, adapter, model.source);
    if (critic) writeAdapter(join(output, "value"), critic, model.source);
    return;
  }
  const shapes = Object.fromEntries([...variables].map(([name, { shape }]) => [name, shape]));
  streamSafetensors(join(output, "model.safetensors"), shapes, (name) => variables.get(name)!.dataSync<"float32">());
  writeCompanions(output, files.companions());
}
