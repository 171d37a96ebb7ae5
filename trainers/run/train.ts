// A run from its config to its result: load, prepare the data, create the method, restore, loop, write.
import { mkdirSync } from "node:fs";
import { createWatch } from "../../spec/alerts";
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { tf } from "../engine/tensorflow";
import { memoryCache, type ScoreCache } from "../inference/reference";
import { trainingOf } from "../methods/methods";
import { readModel } from "../models/load";
import { checkReference } from "./checks";
import { createEvaluations } from "./evaluate";
import { createHooks } from "./hooks";
import { inputHashes } from "./inputs";
import { totalStepsOf, train } from "./loop";
import type { Observer } from "./observer";
import { resolvePlan } from "./plan";
import { createPolicy, createReferencePolicy } from "./policy";
import { checkData, prepareData, writeTokens } from "./prepare";
import { createTrained, type Resume, restore } from "./restore";
import { writeResult, writeRewardScale } from "./result";
import { createSetup } from "./setup";

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
export async function run(config: RunConfig, options: RunOptions): Promise<boolean> {
  const { observer, signal, resume = [], history, attempt = 1, allowChanged = false, tokensFile } = options;
  const { scoreCache = memoryCache } = options;
  const isResumed = resume.length > 0;

  mkdirSync(config.output, { recursive: true });
  observer.note(`loading ${config.model.source}`);
  const files = await readModel(config.model.source);
  const { tokenizer } = files;
  const data = await prepareData(config, tokenizer);
  const plan = resolvePlan(config, files.config, data.longestRow, attempt > 1, observer);

  const policy = createPolicy(files, config, plan);
  const { context } = policy;
  const reference = createReferencePolicy(config, context);
  const { groups } = data;
  const setup = createSetup(config, { files, context, reference, groups, isResumed, scoreCache, observer });
  const method = trainingOf(config).create(setup, config, data.dataset);
  for (const note of files.notes) observer.note(note);
  checkData(data, config, observer);
  if (tokensFile) writeTokens(tokensFile, data, tokenizer);

  const trained = createTrained(config, policy, method, inputHashes(config));
  restore(trained, resume, allowChanged, observer);
  const { variables, optimizer, progress } = trained;
  const [trainRows, heldOutRows] = [data.dataset.train.length, data.dataset.heldOut.length];
  const totalSteps = totalStepsOf(config, trainRows, method);
  const parameters = [...variables.values()].reduce((sum, { size }) => sum + size, 0);
  observer.started({ step: optimizer.step, totalSteps, trainRows, heldOutRows, parameters });

  const evaluations = createEvaluations(config, method, data.dataset, totalSteps, setup);
  const [watch, alarm] = [createWatch(), new AbortController()];
  for (const row of history?.() ?? []) watch(row);
  const { referenceScores } = method;
  const stop = () => alarm.abort();
  const finished = await train({
    config,
    method,
    variables,
    optimizer,
    progress,
    totalSteps,
    pad: tokenizer.pad,
    // After EOS nothing may be read, so padding with EOS itself must change no number.
    probePad: isResumed || methodOf(config).onPolicy ? null : tokenizer.eos,
    signal: AbortSignal.any([signal, alarm.signal]),
    hooks: createHooks(config, { observer, trained, evaluations, referenceScores, attempt, watch, stop }),
  });

  if (finished) {
    const unchanged = referenceScores && checkReference(referenceScores, groups, config.model.dtype);
    if (unchanged) observer.checked(unchanged);
    observer.checked({ name: "finite", detail: `every metric of ${optimizer.step} steps is a finite number` });
    writeResult(config, trained, files);
    if (method.head) writeRewardScale(config.output, method, tokenizer.pad, observer);
  }
  tf.disposeVariables();
  return finished;
}
