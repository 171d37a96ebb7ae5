// Our side of a measurement, in a process of its own: `ours.ts JOB.json` prints one JSON object.
import { readFileSync } from "node:fs";
import { runConfig } from "../config";
import { tf } from "../engine/tensorflow";
import type { MetricRow } from "../metrics";
import { loadModel } from "../models/load";
import { createSampler } from "../sampling";
import { type Observer, run, silent } from "../train";
import type { Job, Measured } from "./measure";

const job = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Job;
const result = job.kind === "generate" ? await generate(job) : await train(job);
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
  way,
}: Exclude<Job, { kind: "generate" }>) {
  if (way.who !== "ours") throw new Error(`${way.id} is not ours`);
  const rows: MetricRow[] = [];
  const config = runConfig.parse({
    method: kind,
    model: { source, dtype: way.dtype },
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
  await run(config, { observer, signal: new AbortController().signal });
  return { seconds: rows.map((row) => row.seconds!), losses: rows.map((row) => row.loss!), ...machine() };
}

async function generate({ source, prompts, newTokens, repeats, way }: Extract<Job, { kind: "generate" }>) {
  const { model, tokenizer } = await loadModel({ source, dtype: way.dtype });
  const sampler = createSampler(model, null);
  const seconds = Array.from({ length: repeats }, (_, repeat) => {
    const started = performance.now();
    const streams = prompts.map((_, i) => `${repeat}/${i}`);
    sampler(prompts, { maxNewTokens: newTokens, temperature: 1, eos: -1, pad: tokenizer.pad, streams });
    return (performance.now() - started) / 1000;
  });
  return { seconds, losses: [], ...machine() };
}

/** Peak memory, then the rate of a plain float32 product: what the machine can do at this moment. */
function machine(): Pick<Measured, "peak" | "matmul"> {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]) * 1024;
  const [a, b] = [tf.randomNormal([2048, 576]), tf.randomNormal([576, 1536])];
  const times = Array.from({ length: 12 }, () => {
    const started = performance.now();
    tf.matMul(a, b).dispose();
    return (performance.now() - started) / 1000;
  }).sort((x, y) => x - y);
  return { peak, matmul: (2 * 2048 * 576 * 1536) / times[6]! };
}
