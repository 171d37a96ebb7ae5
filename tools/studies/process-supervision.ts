// `npm run study -- process-supervision`: GRPO by `tiny` on film reviews, whose process reward model has learned from the oracle which sentences are
// right: those that take nothing from its reward, or those that add to it. Does rewarding each step find more of the oracle's reward than the verdict on
// the whole, which is their least? A quarter of an hour on two cores. Writes results/process-supervision.json; `npm run figures` makes the
// table of docs/methods.md from it.
import { writeFileSync } from "node:fs";
import { say } from "../../common/command-line";
import { mean } from "../../spec/statistics";
import { stepsOf } from "../../trainers/data/steps";
import { goldReward } from "../../trainers/rewards/gold/reviews";
import { answersTo, trainingPrompts } from "./review-pairs";
import { asked, type Worth, worthOf } from "./review-worth";
import { rowsFile, sideBySide, trace } from "./trace";

/** A policy on held-out prompts, and what its run says of its last updates. */
interface Learned extends Worth {
  /** Of rollouts to their reference, in nats. */
  kl: number;
  /** The most that the oracle gave the rollouts of ten updates in a row. */
  best: number;
}
/** results/process-supervision.json */
export interface ProcessResult {
  updates: number;
  base: Worth;
  /** Of GRPO on the oracle's reward itself. */
  oracle: Learned[];
  /** By which sentences are right: the share of those in the data, how many a process reward model calls as the oracle does, and what GRPO makes of it. */
  labels: { right: string; share: number; accuracy: number[]; ways: { name: string; seeds: Learned[] }[] }[];
}

const seeds = [0, 1, 2, 3];
const updates = 60;
const window = 10;
const stepSeparator = ". ";
const stepsIn = (text: string) => stepsOf(text, stepSeparator).length;

/** Which sentences are right, by what the oracle gives the review before and with them. */
const labels = {
  "takes nothing away": (before: number, now: number) => now >= before,
  adds: (before: number, now: number) => now > before,
};
type Label = keyof typeof labels;

function labelled(review: string, label: Label) {
  const steps = stepsOf(review, stepSeparator);
  const worth = steps.map((_, i) => goldReward(`${steps.slice(0, i + 1).join(stepSeparator)}.`));
  return { completions: steps, labels: worth.map((value, i) => labels[label](worth[i - 1] ?? 0, value)) };
}

const solutionsBy = (label: Label) =>
  trainingPrompts.flatMap((prompt) =>
    answersTo(prompt).map((review) => ({ prompt: asked(prompt), ...labelled(review, label) })),
  );
const asLines = (rows: object[]) => rowsFile(rows.map((row) => JSON.stringify(row)));

async function judge(label: Label, seed: number): Promise<{ output: string; accuracy: number }> {
  const { output, rows } = await trace({
    ...{ method: "prm", adapter: null, prm: { stepSeparator }, batchSize: 32, maxSteps: 100, evalEvery: 100, seed },
    data: { train: asLines(solutionsBy(label)), heldOut: 0.05, maxLength: 160 },
    optimizer: { learningRate: 2e-3, schedule: "constant", warmupRatio: 0.1 },
  });
  return { output, accuracy: rows.at(-1)!.eval_step_accuracy! };
}

/** `model` is a process reward model. The oracle is measured beside each, at no weight. */
const ways: Record<string, (model: string) => object> = {
  "the least of its steps": (model) => ({ reward: { model, gold: "film-reviews", goldWeight: 0 } }),
  "each step": (model) => ({ reward: { model, gold: "film-reviews", goldWeight: 0 }, supervision: "process" }),
};

async function learned(rewarded: object, seed: number): Promise<Learned> {
  const { rows, output } = await trace({
    ...{ method: "grpo", model: { source: "tiny", dtype: "float32" }, maxSteps: updates, seed },
    data: { train: asLines(trainingPrompts.map((prompt) => ({ prompt: asked(prompt) }))), heldOut: 0, maxLength: 160 },
    grpo: { prompts: 8, numGenerations: 8, maxCompletionLength: 64, beta: 0.04, ...rewarded },
    ...{ logEvery: 1, optimizer: { learningRate: 5e-4, schedule: "constant" } },
  });
  const gold = rows.flatMap((row) => row["score/gold"] ?? []);
  const kl = rows.flatMap((row) => row["objective/kl"] ?? []);
  return {
    ...(await worthOf("tiny", output, stepsIn)),
    kl: mean(kl.slice(-window)),
    best: Math.max(...gold.slice(window - 1).map((_, i) => mean(gold.slice(i, i + window)))),
  };
}

export async function processSupervision(): Promise<void> {
  const oracle = await sideBySide(seeds, (seed) => learned({ reward: { gold: "film-reviews" } }, seed));
  const result: ProcessResult = { updates, base: await worthOf("tiny", null, stepsIn), oracle, labels: [] };
  for (const right of Object.keys(labels) as Label[]) {
    const judges = await sideBySide(seeds, (seed) => judge(right, seed));
    const jobs = Object.entries(ways).flatMap(([name, way]) => seeds.map((seed, i) => ({ name, way, seed, i })));
    const found = await sideBySide(jobs, async ({ name, way, seed, i }) => {
      const one = await learned(way(judges[i]!.output), seed);
      say(`${right}: ${name}, seed ${seed}: ${JSON.stringify(one)}`);
      return { name, one };
    });
    result.labels.push({
      right,
      share: mean(solutionsBy(right).flatMap((solution) => solution.labels.map(Number))),
      accuracy: judges.map(({ accuracy }) => accuracy),
      ways: Object.keys(ways).map((name) => ({
        name,
        seeds: found.filter((each) => each.name === name).map(({ one }) => one),
      })),
    });
  }
  writeFileSync("tools/studies/results/process-supervision.json", `${JSON.stringify(result, null, 1)}\n`);
}
