// One measurement: a fresh process that runs one job one way.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { lastTrlWithPpo, python, scratch, servingPython, tcmalloc } from "./prepare";
import type { GenerationWorkload, PpoWorkload, TrainingWorkload } from "./workloads";

export type Job = { /** On the first GPU; else on the processor. */ gpu?: boolean } & (
  | {
      kind: TrainingWorkload["kind"];
      source: string;
      model: string;
      adapter: string;
      tokens: string;
      output: string;
      steps: number;
      pairs: number;
      learningRate: number;
      beta: number;
      threads: number;
      /** Whether the reference's scores are computed before the first step, outside the clock, also where the way does not say so. */
      scored: boolean;
      way: TrainingWorkload["ways"][number];
    }
  | {
      kind: "ppo";
      source: string;
      model: string;
      adapter: string;
      scorer: string;
      /** One row of ids for each rollout of each update. */
      prompts: number[][];
      output: string;
      rollouts: number;
      newTokens: number;
      updates: number;
      threads: number;
      way: PpoWorkload["ways"][number];
    }
  | {
      kind: "generate";
      source: string;
      model: string;
      /** The model with 4-bit weights: a folder of OpenVINO's, and a GGUF file. */
      openvino: string;
      gguf: string;
      prompts: number[][];
      newTokens: number;
      repeats: number;
      threads: number;
      way: GenerationWorkload["ways"][number];
    }
);

export interface Measured {
  /** Of each step or repeat, the first included. */
  seconds: number[];
  losses: number[];
  /** VmHWM in bytes. */
  peak: number;
  /** Bytes of the GPU's memory in use at the end. */
  gpu?: number;
  /** Resident bytes after each step; training only. */
  memory?: number[];
  /** Seconds that recording and loading graphs took, with the first run of each; ours only. */
  building?: number;
  /** Of each update, the part that sampled and scored; ours only. */
  rollout?: number[];
  /** float32 products, operations a second; ours only. */
  matmul?: number;
  versions?: Record<string, string>;
}

const scripts = { dpo: "train", reward: "train", generate: "generate", ppo: "ppo" };

/** Python and script of a peer. */
function peer({ kind, way }: Job): [string, string] {
  if (way.who === "genai" || way.who === "llamacpp") return [servingPython, way.who];
  return [python, scripts[kind]];
}

export const threads = cpus().length;

/** Runs the job alone. Throws with the process's last words where it fails. */
export function measure(job: Job): Measured {
  const path = join(scratch, "job.json");
  writeFileSync(path, JSON.stringify(job));
  const [interpreter, script] = peer(job);
  const [command, args] =
    job.way.who === "ours"
      ? [process.execPath, ["--import", "tsx", "tools/bench/ours.ts", path]]
      : [interpreter, [`tools/bench/peers/${script}.py`, path]];
  const tuned = job.way.who !== "ours" && job.way.tuned;
  const old = job.kind === "ppo" && { PYTHONPATH: lastTrlWithPpo };
  const device = job.gpu ? {} : { CUDA_VISIBLE_DEVICES: "-1" };
  const env = { ...process.env, ...device, ...(tuned && { LD_PRELOAD: tcmalloc }), ...old };
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", env, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${job.way.id} failed with status ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Measured;
}
