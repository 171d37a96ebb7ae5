// `npm run gpu-check`: whether this machine's NVIDIA GPU computes what its processor does, and how fast: every kernel, DPO and PPO steps of SmolLM2,
// memory, and TRL on the same card, interleaved in fresh processes. Prints tables for docs/ and keeps the numbers in tools/bench/results.
// With --on-cpu the processor stands in for the GPU: it tries the check itself where there is none.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "../../../spec/alerts";
import { jobsOf } from "../jobs";
import { type Job, type Measured, measure } from "../measure";
import { preparePeers, scratch } from "../prepare";
import { resultFolder } from "../results";
import { type OurWay, type TrlWay, type Workload, workloads } from "../workloads";
import { type Difference, differences, type KernelValues } from "./compare";
import { memoryUsed } from "./memory-used";

const { values } = parseArgs({
  options: { "on-cpu": { type: "boolean", default: false }, rounds: { type: "string", default: "3" } },
});
const isGpu = !values["on-cpu"];

/** Relative to a kernel's largest number. Sums are in another order on a GPU, and its exponentials differ in the last bits. */
const kernelLimit = 1e-5;
/** Of a loss of float32, from the processor's. */
const lossLimit = 1e-3;

const card = isGpu ? gpuName() : "none: the processor stands in";
mkdirSync(scratch, { recursive: true });
const kernels = kernelDifferences();
const off = kernels.filter(({ relative }) => relative > kernelLimit);
process.stdout.write(`GPU: ${card}\n\n${kernelWords(off)}\n\n`);
if (isGpu) preparePeers();
const measured = [
  await steps("dpo-4x(128+128)", "DPO step, 4 × (128 + 128)"),
  await steps("ppo", "PPO update, 16 × (128 + 64)"),
];
process.stdout.write(`${measured.map(({ table }) => table).join("\n\n")}\n`);
const folder = resultFolder(isGpu ? card : "gpu-check-on-cpu");
if (isGpu) {
  mkdirSync(folder, { recursive: true });
  const kept = { card, kernels: kernels.slice(0, 10), steps: measured.map(({ name, rounds }) => ({ name, rounds })) };
  writeFileSync(join(folder, "gpu-check.json"), `${JSON.stringify(kept, null, 1)}\n`);
}
if (off.length > 0 || measured.some(({ isOff }) => isOff)) process.exitCode = 1;

function refuse(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}

function gpuName(): string {
  const question = ["--id=0", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"];
  try {
    return execFileSync("nvidia-smi", question, { encoding: "utf8" }).trim();
  } catch {
    return refuse("There is no NVIDIA driver here (nvidia-smi does not answer). --on-cpu tries the check without one.");
  }
}

function kernelDifferences(): Difference[] {
  const [ours, processor] = [kernelsOn(isGpu), kernelsOn(false)];
  if (isGpu && !ours.gpu)
    refuse(
      "TensorFlow does not use the GPU: rm -r node_modules/.workbench and run npm start, which installs CUDA's build where it finds a driver; WORKBENCH_DEVICE must not be cpu",
    );
  return differences(ours.values, processor.values);
}

function kernelsOn(gpu: boolean): { gpu: boolean; values: KernelValues } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "tools/bench/gpu/kernels-once.ts"],
    {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { ...process.env, ...(!gpu && { CUDA_VISIBLE_DEVICES: "-1" }) },
    },
  );
  if (status !== 0) throw new Error(`the kernels ended with status ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

function kernelWords(off: Difference[]): string {
  const worst = kernels[0]!;
  const all = `${kernels.length} kernels, compiled graphs and gradients: the largest difference from the processor is ${shown(worst.relative)} of the largest number (${worst.kernel}), allowed ${shown(kernelLimit)}.`;
  const lines = off.map(
    ({ kernel, relative, failure }) => `| ${kernel} | ${failure === null ? shown(relative) : failure} |`,
  );
  return [all, ...(off.length > 0 ? ["", "| beyond that | |", "| --- | --- |", ...lines] : [])].join("\n");
}

type Rounds = Record<string, (Measured & { before: number })[]>;

/** The workload by ours on the GPU in both precisions, by TRL on it, and by ours on the processor, whose losses are the measure. */
async function steps(id: string, name: string) {
  const workload = { ...workloads.find((one) => one.id === id)!, ways: [] as (OurWay | TrlWay)[] };
  const way = (dtype: OurWay["dtype"]): OurWay => ({
    ...{ id: `ours ${dtype}`, who: "ours", dtype, recompute: "none", microBatchTokens: 1024 },
  });
  const peer = (dtype: TrlWay["dtype"]): TrlWay => ({ id: `TRL ${dtype}`, who: "trl", dtype, tuned: true });
  workload.ways = [way("float32"), way("bfloat16"), ...(isGpu ? [peer("float32"), peer("bfloat16")] : [])];
  const jobs = await jobsOf(workload as Workload);
  const [reference] = (await jobsOf({ ...workload, ways: [way("float32")] } as Workload)) as [Job];
  const processor = measure(reference);
  const rounds: Rounds = {};
  for (let round = 0; round < Number(values.rounds); round++)
    for (const job of round % 2 === 0 ? jobs : jobs.toReversed()) {
      const before = isGpu ? memoryUsed() : 0;
      const one = { ...measure({ ...job, gpu: isGpu }), before };
      rounds[job.way.id] = [...(rounds[job.way.id] ?? []), one];
      process.stderr.write(`${name}, round ${round + 1}: ${job.way.id} ${stepSeconds(one).toFixed(3)} s\n`);
    }
  const far = workload.kind === "ppo" ? null : distance(rounds["ours float32"]![0]!, processor);
  const lines = Object.entries({ ...rounds, "ours float32, processor": [{ ...processor, before: 0 }] }).map(line);
  const table = [
    `| ${name} | seconds | memory | GPU memory | first losses |`,
    "| --- | --- | --- | --- | --- |",
    ...lines,
  ];
  const words =
    far === null
      ? "Completions are sampled on each device: a token that is drawn otherwise changes all that follows, so losses are not compared."
      : `Losses in float32 differ from the processor's by ${shown(far)}, allowed ${shown(lossLimit)}.`;
  return { name, rounds, table: [...table, "", words].join("\n"), isOff: far !== null && far > lossLimit };
}

function line([id, rounds]: [string, Rounds[string]]): string {
  const seconds = rounds.map(stepSeconds);
  const interval =
    rounds.length > 1 ? ` (${Math.min(...seconds).toFixed(3)} to ${Math.max(...seconds).toFixed(3)})` : "";
  const gpu = rounds.flatMap(({ gpu, before }) => (gpu === undefined ? [] : [gpu - before]));
  const losses = rounds[0]!.losses.slice(0, 3).map((loss) => loss.toFixed(5));
  return `| ${[
    ...[id, `${median(seconds).toFixed(3)}${interval}`, gigabytes(Math.max(...rounds.map(({ peak }) => peak)))],
    ...[gpu.length > 0 ? gigabytes(Math.max(...gpu)) : "–", losses.length > 0 ? losses.join(", ") : "–"],
  ].join(" | ")} |`;
}

/** Of a step after the first, which compiles and warms up. */
function stepSeconds({ seconds }: Measured): number {
  return median(seconds.slice(1));
}

function distance(ours: Measured, reference: Measured): number {
  return Math.max(...reference.losses.map((loss, i) => Math.abs(ours.losses[i]! - loss)));
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
function shown(value: number): string {
  return Number.isFinite(value) ? value.toExponential(1) : "infinite";
}
