// What is measured, as each side reads it.
import { join } from "node:path";
import { type Job, threads } from "./measure";
import { prepareModel, preparePpoPeer, prepareServing, scratch, writePairs, writeRaggedPairs } from "./prepare";
import type { GenerationWorkload, PpoWorkload, RaggedWorkload, TrainingWorkload, Workload } from "./workloads";

/** A workload run each of its ways, with everything that both sides read written. */
export function jobsOf(workload: Workload): Promise<Job[]> {
  if (workload.kind === "generate") return generationJobs(workload);
  return workload.kind === "ppo" ? ppoJobs(workload) : trainingJobs(workload);
}

async function ppoJobs({ rollouts, prompt, newTokens, updates, ways }: PpoWorkload): Promise<Job[]> {
  if (ways.some(({ who }) => who === "trl")) preparePpoPeer();
  const { source, model, adapter, scorer, text } = await prepareModel("smollm2");
  const prompts = Array.from({ length: rollouts * updates }, (_, i) => text.slice(i * prompt, (i + 1) * prompt));
  const common = { source, model, adapter, scorer, prompts, rollouts, newTokens, updates, threads };
  return ways.map((way) => ({ kind: "ppo", ...common, output: join(scratch, "output"), way }));
}

async function trainingJobs(workload: TrainingWorkload | RaggedWorkload): Promise<Job[]> {
  const prepared = await prepareModel(workload.model);
  const tokens = join(scratch, `${workload.id}.json`);
  if (workload.kind === "ragged") writeRaggedPairs(tokens, prepared, workload);
  else writePairs(tokens, prepared, workload);
  const { steps, pairs, ways } = workload;
  const kind = workload.kind === "ragged" ? "dpo" : workload.kind;
  const { source, model } = prepared;
  const adapter = kind === "reward" ? prepared.scorer : prepared.adapter;
  const common = { source, model, adapter, tokens, steps, pairs, learningRate: 1e-5, beta: 0.1, threads };
  const scored = workload.kind === "ragged";
  return ways.map((way) => ({ kind, ...common, scored, output: join(scratch, "output"), way }));
}

async function generationJobs({ batch, prompt, newTokens, repeats, ways }: GenerationWorkload): Promise<Job[]> {
  const prepared = await prepareModel("smollm2");
  const { source, model, text } = prepared;
  const { openvino, gguf } = prepareServing(prepared);
  const prompts = Array.from({ length: batch }, (_, i) => text.slice(i * prompt, (i + 1) * prompt));
  return ways.map((way) => ({
    kind: "generate",
    source,
    model,
    openvino,
    gguf,
    prompts,
    newTokens,
    repeats,
    threads,
    way,
  }));
}
