// Our side of a measurement, in a process of its own: `ours.ts JOB.json` prints one JSON object.
import { readFileSync } from "node:fs";
import { type RunConfig, runConfig } from "../../spec/config";
import type { PpoConfig } from "../../spec/methods/ppo";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { readAdapter } from "../../trainers/adapters/files";
import type { PairTokens } from "../../trainers/data/tokenize";
import type { Variables } from "../../trainers/engine/gradients";
import { graphBuilding } from "../../trainers/engine/jit/compile";
import { tf } from "../../trainers/engine/tensorflow";
import { samplingSource } from "../../trainers/environments/sampling-source";
import { tokenBatch } from "../../trainers/inference/batches";
import { createReference, memoryCache, type ScoreCache } from "../../trainers/inference/reference";
import { createSampler } from "../../trainers/inference/sampling";
import { createCritic } from "../../trainers/methods/ppo/critic";
import { createPpo } from "../../trainers/methods/ppo/method";
import { loadModel } from "../../trainers/models/load";
import { createReward } from "../../trainers/rewards/rewards";
import { noProgress } from "../../trainers/run/checkpoint";
import { train as trainLoop } from "../../trainers/run/loop";
import { type Observer, silent } from "../../trainers/run/observer";
import { createOptimizer } from "../../trainers/run/optimizer";
import { peakMemory } from "../../trainers/run/peak-memory";
import { run } from "../../trainers/run/train";
import { memoryUsed } from "./gpu/memory-used";
import type { Job, Measured } from "./measure";

const job = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Job;
const result = await (job.kind === "generate" ? generate(job) : job.kind === "ppo" ? ppoUpdates(job) : train(job));
process.stdout.write(`${JSON.stringify(result)}\n`);

async function train({
  kind,
  source,
  adapter,
  tokens,
  output,
  steps,
  pairs,
  learningRate,
  beta,
  scored,
  way,
}: Exclude<Job, { kind: "generate" | "ppo" }>) {
  if (way.who !== "ours") throw new Error(`${way.id} is not ours`);
  const rows: MetricRow[] = [];
  const config = runConfig.parse({
    method: kind,
    model: { source, dtype: way.dtype, quantisation: way.quantisation ?? null },
    adapter: { rank: 16, alpha: 32, init: adapter },
    data: { tokens, order: "sequential" },
    batchSize: pairs,
    maxSteps: steps,
    recompute: way.recompute,
    microBatchTokens: way.microBatchTokens,
    optimizer: { learningRate, schedule: "constant" },
    ...(kind === "dpo" ? { dpo: { beta } } : { reward: { headInit: adapter } }),
    output,
  });
  const observer: Observer = { ...silent, metrics: (row) => void rows.push(row) };
  const cache = memoryCache();
  if (scored) await scoreRows(config, cache);
  const before = graphBuilding.seconds;
  await run(config, { observer, signal: new AbortController().signal, scoreCache: () => cache });
  return {
    seconds: rows.map((row) => row.seconds!),
    losses: rows.map((row) => row.loss!),
    memory: rows.map((row) => row.memory! * 1e6),
    building: graphBuilding.seconds - before,
    ...machine(),
  };
}

/** What the base model says of the rows, computed before the run. */
async function scoreRows({ model: given, data }: RunConfig, cache: ScoreCache): Promise<void> {
  const { model, tokenizer } = await loadModel(given);
  const reference = createReference({ model, adapter: null, cache, pad: tokenizer.pad });
  const { rows } = JSON.parse(readFileSync(data.tokens!, "utf8")) as { rows: PairTokens[] };
  for (const { chosen, rejected } of rows) {
    const batch = tokenBatch([[chosen, rejected]], tokenizer.pad);
    tf.dispose([batch, reference.tokenLogProbs([[chosen, rejected]], batch)] as unknown as tf.TensorContainer);
  }
}

/** Updates of a policy that never ends by itself, so that every answer has its full length, as the peer's have. */
async function ppoUpdates({
  source: base,
  adapter,
  scorer,
  prompts,
  rollouts,
  newTokens,
  updates,
  way,
}: Extract<Job, { kind: "ppo" }>) {
  if (way.who !== "ours") throw new Error(`${way.id} is not ours`);
  const config = runConfig.parse({
    method: "ppo",
    model: { source: base, dtype: way.dtype },
    adapter: { rank: 16, alpha: 32, init: adapter },
    data: { train: "given below", order: "sequential" },
    optimizer: { learningRate: 1e-5, schedule: "constant" },
    ppo: {
      rollouts,
      maxCompletionLength: newTokens,
      numPpoEpochs: 1,
      reward: { model: scorer },
      value: { init: scorer },
    },
    output: "none",
  }) as PpoConfig;
  const { model: loaded, tokenizer } = await loadModel(config.model);
  const model = { ...loaded, recompute: way.recompute };
  const start = readAdapter(adapter, model.config);
  const weights = new Map([...start.weights].map(([name, tensor]) => [name, tf.variable(tensor)]));
  const endless = { ...tokenizer, ends: new Set<number>() };
  const policy = { ...start, weights };
  const reward = createReward(config.ppo.reward, config.ppo.normalizeReward, model, endless);
  const critic = createCritic(config, { model, policy, whole: null });
  const variables: Variables = new Map<string, tf.Variable>([...weights, ...critic.variables]);
  const context = { model, policy, whole: null, microBatchTokens: way.microBatchTokens };
  const train = prompts.map((ids) => ({ tokens: null, prompt: null, promptIds: ids }));
  const source = samplingSource(
    { context, tokenizer: endless, note() {} },
    config,
    { ...config.ppo, prompts: rollouts, numGenerations: 1, epochs: 1 },
    train,
  );
  const roles = { reward, reference: { model, adapter: null }, tokenizer: endless, critic };
  const method = createPpo({ context, checked() {} }, roles, config, source);
  const rows: MetricRow[] = [];
  await trainLoop({
    config,
    method,
    policy,
    pad: tokenizer.pad,
    probePad: null,
    spikes: null,
    variables,
    optimizer: createOptimizer(config.optimizer, variables),
    progress: noProgress(),
    totalSteps: updates,
    signal: new AbortController().signal,
    hooks: {
      log: (row) => void rows.push(row),
      paddingProbe() {},
      firstStep() {},
      distributions() {},
      traced() {},
      evaluate: () => ({}),
      save() {},
    },
  });
  const column = (name: "seconds" | "loss" | "rollout_seconds") => rows.map((row) => row[name]!);
  return { seconds: column("seconds"), losses: column("loss"), rollout: column("rollout_seconds"), ...machine() };
}

async function generate({ source, prompts, newTokens, repeats, way }: Extract<Job, { kind: "generate" }>) {
  if (way.who !== "ours") throw new Error(`${way.id} is not ours`);
  const { dtype, quantisation = null } = way;
  const { model, tokenizer } = await loadModel({ source, dtype, quantisation });
  const sampler = createSampler(model, null);
  const seconds = Array.from({ length: repeats }, (_, repeat) => {
    const started = performance.now();
    const streams = prompts.map((_, i) => `${repeat}/${i}`);
    sampler(prompts, { maxNewTokens: newTokens, temperature: 1, ends: new Set(), pad: tokenizer.pad, streams });
    return (performance.now() - started) / 1000;
  });
  return { seconds, losses: [], ...machine() };
}

/** Peak memory, then the rate of a plain float32 product: what the machine can do at this moment. */
function machine(): Pick<Measured, "peak" | "gpu" | "matmul"> {
  const peak = peakMemory();
  const gpu = job.gpu ? { gpu: memoryUsed() } : {};
  const [a, b] = [tf.randomNormal([2048, 576]), tf.randomNormal([576, 1536])];
  const times = Array.from({ length: 12 }, () => {
    const started = performance.now();
    tf.matMul(a, b).dispose();
    return (performance.now() - started) / 1000;
  }).sort((x, y) => x - y);
  return { peak, ...gpu, matmul: (2 * 2048 * 576 * 1536) / times[6]! };
}
