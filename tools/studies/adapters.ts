// Every kind of fine-tuning on one task, the film reviews: what it trains, needs, finds and forgets. `npm run study -- adapters`: by DPO on
// `tiny` with five seeds at the best of three learning rates, half an hour on two cores. `npm run study -- adapters-smollm2`: by SFT on SmolLM2-135M-Instruct once,
// 20 minutes on two cores that are otherwise idle. They write results/; `npm run figures` makes docs/adapters.md from both.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MetricName, MetricRow } from "../../spec/metrics/catalogue";
import { allTrainingPairs, heldOutPairs, trainingPairs } from "./review-pairs";
import { rowsFile, sideBySide, type Trace, trace } from "./trace";

/** Where a policy stood after some steps, on the prompts that are held out. */
export interface Stand {
  step: number;
  gold: number;
  /** To the base, nats an answer. Null where SFT trains every weight, beside which no base is held. */
  kl: number | null;
  /** Of general text. */
  perplexity: number;
}
/** Of one run. */
export interface Outcome {
  /** Numbers that were trained. */
  parameters: number;
  /** Median of the steps, in seconds. */
  stepSeconds: number;
  /** VmHWM, in bytes. */
  peak: number;
  stands: Stand[];
}
interface Setting {
  steps: number;
  batchSize: number;
  prompts: number;
  pairs: number;
}
/** results/adapters.json */
export interface AdaptersResult extends Setting {
  /** Nats to the base, within which reward is compared. */
  budget: number;
  sampleEvery: number;
  kinds: { name: string; learningRate: number; seeds: Outcome[] }[];
}
/** results/adapters-smollm2.json */
export interface SmollmResult extends Setting {
  kinds: { name: string; learningRate: number; outcome: Outcome }[];
}

/** Nats to the base. */
const budget = 4;
const seeds = [0, 1, 2, 3, 4];
/** The learning rate is chosen by a seed that is not reported. */
const choosing = 100;
const tiny = { batchSize: 16, maxSteps: 80, sampleEvery: 20, samplePrompts: 96, sampleLength: 48 };
/** SFT on the chosen answers: DPO needs answers that the model itself might write, and SmolLM2 would not write those of `tiny`. */
const smollm2 = { batchSize: 4, maxSteps: 40, sampleEvery: 40, samplePrompts: 48, sampleLength: 64 };

interface Kind {
  name: string;
  adapter: object | null;
  quantisation?: string;
  /** Of `tiny`. */
  rates: number[];
  /** Of SmolLM2; null: on `tiny` alone. */
  rate: number | null;
}
const lora = (rank: number, more: object = {}) => ({ type: "lora", rank, alpha: 2 * rank, ...more });
const ofLora = { rates: [1e-3, 2e-3, 4e-3], rate: 1e-3 };
const ofBottlenecks = { rates: [2e-3, 5e-3, 1e-2], rate: 1e-3 };
const ofTokens = { rates: [2e-2, 5e-2, 1e-1], rate: 1e-2 };
const kinds: Kind[] = [
  { name: "every weight", adapter: null, rates: [2e-4, 4e-4, 8e-4], rate: 1e-4 },
  { name: "LoRA, rank 4", adapter: lora(4), ...ofLora },
  { name: "LoRA, rank 16", adapter: lora(16), ...ofLora },
  { name: "LoRA, rank 64", adapter: lora(64), ...ofLora, rates: [2.5e-4, 5e-4, 1e-3] },
  { name: "QLoRA, rank 16, NF4", adapter: lora(16), quantisation: "nf4-double", ...ofLora },
  { name: "DoRA, rank 16", adapter: lora(16, { dora: true }), ...ofLora },
  { name: "prefix tuning, 16 tokens", adapter: { type: "prefix", virtualTokens: 16 }, ...ofTokens },
  { name: "prompt tuning, 16 tokens", adapter: { type: "prompt", virtualTokens: 16 }, ...ofTokens, rate: null },
  { name: "bottleneck, Houlsby", adapter: { type: "bottleneck", placement: "houlsby" }, ...ofBottlenecks },
  {
    name: "bottleneck, Pfeiffer",
    adapter: { type: "bottleneck", placement: "pfeiffer" },
    ...ofBottlenecks,
    rate: null,
  },
  { name: "(IA)³", adapter: { type: "ia3" }, rates: [3e-2, 1e-1, 3e-1], rate: null },
];

const data = () => ({
  train: rowsFile(trainingPairs(allTrainingPairs, 0, 0)),
  eval: rowsFile(heldOutPairs()),
  maxLength: 256,
});
const configOf = (
  { adapter, quantisation }: Kind,
  [method, source]: ["dpo" | "sft", string],
  learningRate: number,
  seed: number,
) => ({
  method,
  model: { source, ...(quantisation && { quantisation }) },
  adapter,
  data: data(),
  seed,
  optimizer: { learningRate, warmupRatio: 0.1 },
});

export async function adapters(): Promise<void> {
  const train = async (kind: Kind, learningRate: number, seed: number) => {
    const outcome = outcomeOf(await trace({ ...configOf(kind, ["dpo", "tiny"], learningRate, seed), ...tiny }));
    say(`${kind.name}, ${learningRate}, seed ${seed}`, outcome);
    return { kind, learningRate, outcome };
  };
  const tried = await sideBySide(
    kinds.flatMap((kind) => kind.rates.map((rate) => ({ kind, rate }))),
    ({ kind, rate }) => train(kind, rate, choosing),
  );
  const chosen = kinds.map((kind) => {
    const own = tried.filter((run) => run.kind === kind);
    return own.toSorted((a, b) => mostWithin(b.outcome) - mostWithin(a.outcome))[0]!;
  });
  const ran = await sideBySide(
    chosen.flatMap((choice) => seeds.map((seed) => ({ ...choice, seed }))),
    ({ kind, learningRate, seed }) => train(kind, learningRate, seed),
  );
  const result: AdaptersResult = {
    ...settingOf(tiny),
    ...{ budget, sampleEvery: tiny.sampleEvery },
    kinds: chosen.map(({ kind, learningRate }) => ({
      name: kind.name,
      learningRate,
      seeds: ran.filter((run) => run.kind === kind).map(({ outcome }) => outcome),
    })),
  };
  writeFileSync("tools/studies/results/adapters.json", `${JSON.stringify(result, null, 1)}\n`);
}

export async function adaptersOfSmollm2(): Promise<void> {
  const measured: SmollmResult["kinds"] = [];
  for (const kind of kinds) {
    const { name, rate } = kind;
    if (rate === null) continue;
    const config = configOf(kind, ["sft", "smollm2-135m-instruct"], rate, 0);
    const outcome = outcomeOf(await trace({ ...config, ...smollm2 }, "all"));
    measured.push({ name, learningRate: rate, outcome });
    say(name, outcome);
  }
  const result: SmollmResult = { ...settingOf(smollm2), kinds: measured };
  writeFileSync("tools/studies/results/adapters-smollm2.json", `${JSON.stringify(result, null, 1)}\n`);
}

const settingOf = ({ maxSteps, batchSize, samplePrompts }: typeof tiny): Setting => ({
  ...{ steps: maxSteps, batchSize, prompts: samplePrompts, pairs: allTrainingPairs },
});

const say = (what: string, outcome: Outcome) => process.stderr.write(`${what}: ${JSON.stringify(outcome)}\n`);

/** The oracle reward of the best stand within the budget, which the base is in. */
const mostWithin = ({ stands }: Outcome) =>
  Math.max(...stands.filter(({ kl }) => kl! <= budget).map(({ gold }) => gold));

function outcomeOf({ rows, output, peak }: Trace): Outcome {
  const sampled = rows.filter((row) => row["on_policy/gold"] !== undefined);
  const seconds = rows.flatMap((row) => row.seconds ?? []).toSorted((a, b) => a - b);
  return {
    parameters: parametersIn(output),
    stepSeconds: seconds[Math.floor(seconds.length / 2)]!,
    peak,
    stands: sampled.map((row) => ({
      step: row.step,
      gold: measured(row, "on_policy/gold"),
      kl: row["on_policy/kl"] ?? null,
      perplexity: measured(row, "general/perplexity"),
    })),
  };
}

function measured(row: MetricRow, name: MetricName): number {
  const value = row[name];
  if (value === undefined) throw new Error(`step ${row.step} has no ${name}`);
  return value;
}

/** Numbers in the safetensors that a run has left: its adapter, or every weight. */
function parametersIn(folder: string): number {
  const files = readdirSync(folder).filter((name) => name.endsWith(".safetensors"));
  const shapes = files.flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    const header = bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString("utf8");
    const { __metadata__, ...tensors } = JSON.parse(header) as Record<string, { shape: number[] }>;
    return Object.values(tensors).map(({ shape }) => shape);
  });
  return shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
