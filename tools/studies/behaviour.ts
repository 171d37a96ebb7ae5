// `npm run study -- behaviour`: what methods do beside lowering their loss, on `tiny`, five seeds each. Half an hour on two cores.
// Writes tools/studies/results/behaviour.json; `npm run figures` makes docs/behaviour.md from it.
import { writeFileSync } from "node:fs";
import type { MetricName, MetricRow } from "../../spec/metrics/catalogue";
import { labelled, nearDuplicates, oftenLonger } from "./data";
import { rowsFile, sideBySide, trace } from "./trace";

/** results/behaviour.json */
export interface BehaviourResult {
  steps: number;
  studies: { id: string; settings: { name: string; seeds: { start: Values; end: Values }[] }[] }[];
}
type Values = Partial<Record<MetricName, number>>;

const steps = 80;
const seeds = [0, 1, 2, 3, 4];
const metrics: MetricName[] = [
  "eval_logps/chosen",
  "eval_logps/rejected",
  "eval_rewards/accuracies",
  "on_policy/length",
  "on_policy/gold",
  "on_policy/kl",
];

const dpo = (dpo: object) => ({ method: "dpo", dpo: { beta: 0.1, ...dpo } });
const studies: { id: string; settings: { name: string; rows: () => string[]; method: object }[] }[] = [
  {
    id: "near-duplicates",
    settings: [
      { name: "sigmoid", rows: nearDuplicates, method: dpo({}) },
      { name: "apo_zero", rows: nearDuplicates, method: dpo({ loss: "apo_zero" }) },
      { name: "sigmoid + sft", rows: nearDuplicates, method: dpo({ loss: ["sigmoid", "sft"], lossWeights: [1, 1] }) },
    ],
  },
  {
    id: "length",
    settings: [
      { name: "sigmoid", rows: oftenLonger, method: dpo({}) },
      { name: "sigmoid_norm", rows: oftenLonger, method: dpo({ loss: "sigmoid_norm", beta: 2 }) },
      { name: "SimPO", rows: oftenLonger, method: { method: "simpo", simpo: { beta: 2, gamma: 0.5 } } },
      { name: "LD-DPO, α 0.3", rows: oftenLonger, method: dpo({ ldAlpha: 0.3 }) },
    ],
  },
  {
    id: "imbalance",
    settings: [
      { name: "1:1", rows: () => labelled(1 / 2), method: { method: "kto" } },
      { name: "1:10", rows: () => labelled(1 / 11), method: { method: "kto" } },
      {
        name: "1:10, good ones weigh 10",
        rows: () => labelled(1 / 11),
        method: { method: "kto", kto: { desirableWeight: 10 } },
      },
    ],
  },
];

async function train(method: object, rows: string[], seed: number): Promise<{ start: Values; end: Values }> {
  const { rows: logged } = await trace({
    ...method,
    data: { train: rowsFile(rows), heldOut: 0.1, maxLength: 160 },
    batchSize: 16,
    maxSteps: steps,
    evalEvery: steps,
    sampleEvery: steps,
    samplePrompts: 64,
    sampleLength: 96,
    seed,
    optimizer: { learningRate: 2e-4, warmupRatio: 0.1 },
  });
  const values = (row: MetricRow) =>
    Object.fromEntries(metrics.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])));
  return { start: values(logged[0]!), end: values(logged.at(-1)!) };
}

export async function behaviour(): Promise<void> {
  const result: BehaviourResult = { steps, studies: [] };
  for (const { id, settings } of studies) {
    const measured: BehaviourResult["studies"][number]["settings"] = [];
    for (const { name, rows, method } of settings) {
      const text = rows();
      const outcomes = await sideBySide(seeds, (seed) => train(method, text, seed));
      process.stderr.write(`${id}: ${name}: ${JSON.stringify(outcomes)}\n`);
      measured.push({ name, seeds: outcomes });
    }
    result.studies.push({ id, settings: measured });
  }
  writeFileSync("tools/studies/results/behaviour.json", `${JSON.stringify(result, null, 1)}\n`);
}
