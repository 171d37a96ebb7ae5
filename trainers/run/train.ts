// A run from its config to its result: load, prepare the data, create the method, restore, loop, write.
import { mkdirSync } from "node:fs";
import { whenThereIsRoom } from "../../common/full-disk";
import { createWatch } from "../../spec/alerts";
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import type { MetricRow } from "../../spec/metrics/catalogue";
import type { ScoredAnswer } from "../../spec/reports";
import type { TrainingData } from "../data/dataset";
import { batchRows } from "../data/row-batches";
import type { Tree } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import type { ScoreCache } from "../inference/reference";
import type { Method, Setup } from "../methods/method";
import { trainingOf } from "../methods/methods";
import { readModel } from "../models/load";
import { balanceCoefficient, balanced } from "./balance";
import { clearScratch, type Trained } from "./checkpoint";
import { createEvaluations } from "./evaluate";
import { createHooks } from "./hooks";
import { inputHashes } from "./inputs";
import { totalStepsOf, train } from "./loop";
import type { Observer } from "./observer";
import { resolvePlan, withPaging } from "./plan";
import { createPolicy } from "./policy";
import { checkData, prepareData, type RunData } from "./prepare";
import { withTexts } from "./ptx";
import { createTrained, type Resume, restore } from "./restore";
import { finishRun } from "./result";
import { checkLengths } from "./row-lengths";
import { createSetup } from "./setup";
import { createSpikes } from "./spikes";

export interface RunOptions {
  observer: Observer;
  signal: AbortSignal;
  /** Newest first; the first complete one is used. */
  resume?: Resume[];
  /** Metrics of earlier attempts up to the step at which this one starts: alerts look at the whole run. Called after restoring. */
  history?: () => Iterable<MetricRow>;
  attempt?: number;
  /** Resumes from a checkpoint even if data or weights have changed since. */
  allowChanged?: boolean;
  /** Where to write every row's ids and masks as the model sees them. */
  tokensFile?: string;
  /** Where the reference's log-probabilities are kept between runs. */
  scoreCache?: (policy: string) => ScoreCache;
  /** Is shown the first answers that each reward scores. */
  firstScores?(scored: ScoredAnswer[]): void;
}

/** Trains to the end, or until aborted (false). The final adapter lies in `config.output` itself, in PEFT format. */
export async function run(config: RunConfig, options: RunOptions): Promise<boolean> {
  const { observer, resume = [], attempt = 1, allowChanged = false } = options;
  whenThereIsRoom(() => mkdirSync(config.output, { recursive: true }));
  clearScratch(config.output);
  observer.note(`loading ${config.model.source}`);
  const files = await readModel(config.model.source);
  const balance = balanceCoefficient(config, files.config);
  const data = await prepareData(config, files.tokenizer);
  checkLengths(config, files.config, data);
  const plan = resolvePlan(config, files, data, attempt > 1, observer);
  const policy = createPolicy(files, config, plan);
  const groups = [...data.groups.train, ...data.groups.heldOut];
  const setup = await createSetup(config, options, files, policy.context, groups);
  const method = trainingOf(config).create(setup, config, data.dataset);
  checkData(config, options, files, data);

  const trained = createTrained(withPaging(config, plan), policy, method, inputHashes(config), files);
  restore(trained, resume, allowChanged, observer);
  const finished = await trainToEnd(config, options, data, setup, method, balance, trained);
  if (finished) trained.optimizer.atAverage(() => finishRun(config, observer, files, groups, method, trained));
  trained.optimizer.close();
  tf.disposeVariables();
  return finished;
}

/** The training loop with its hooks. With `stopOnAlert`, an alert ends it like an abort from outside. */
function trainToEnd(
  config: RunConfig,
  { observer, signal, resume = [], history, attempt = 1 }: RunOptions,
  { dataset, texts }: Pick<RunData, "dataset" | "texts">,
  setup: Setup,
  method: Method<Tree>,
  balance: number,
  trained: Trained,
): Promise<boolean> {
  const { pad, eos } = setup.tokenizer;
  const { variables, optimizer, progress } = trained;
  const [trainRows, heldOutRows] = [dataset.train.length, dataset.heldOut.length];
  const totalSteps = totalStepsOf(config, trainRows, method);
  const parameters = [...variables.values()].reduce((sum, { size }) => sum + size, 0);
  observer.started({ step: optimizer.step, totalSteps, trainRows, heldOutRows, parameters });

  const evaluations = createEvaluations(config, method, dataset, totalSteps, setup);
  const [watch, alarm] = [createWatch(), new AbortController()];
  for (const row of history?.() ?? []) watch(row);
  const { referenceScores } = method;
  const spikes =
    config.onSpike === "rollback" ? createSpikes(trained, resume, rowsOf(config, dataset), observer.note) : null;
  const stop = () => alarm.abort();
  return train({
    config,
    method: balanced(
      texts.length > 0 ? withTexts(method, setup.context, config, texts) : method,
      setup.context,
      balance,
    ),
    policy: setup.context.policy,
    variables,
    optimizer,
    progress,
    totalSteps,
    pad,
    spikes,
    // Nothing after EOS is read, so padding with EOS itself must not change any number.
    probePad: resume.length > 0 || methodOf(config).onPolicy ? null : eos,
    signal: AbortSignal.any([signal, alarm.signal]),
    hooks: createHooks(config, {
      observer,
      trained,
      evaluations,
      referenceScores,
      balance,
      isMixture: setup.context.model.config.mixture !== undefined,
      spikes,
      attempt,
      watch,
      stop,
    }),
  });
}

/** The beginnings of the prompts of a step's rows. */
const rowsOf =
  (config: RunConfig, { train: rows }: TrainingData<unknown>) =>
  (step: number): string =>
    batchRows(rows, methodOf(config).rowsPerStep(config), step, config.data.order, config.seed)
      .map(({ prompt, promptIds }) =>
        typeof prompt === "string" ? prompt : (prompt?.at(-1)?.content ?? promptIds.join(" ")),
      )
      .map((text) => `“${text.length > 80 ? `${text.slice(0, 80)}…` : text}”`)
      .join(", ");
