// `npm run study -- tree-pairs`: what DPO makes of pairs from a search tree (MCTS-DPO), from going on after right steps (Step-DPO) and from the best and
// the worst of n, of as many sampled tokens each. Film reviews whose steps are sentences, by `tiny` after SFT; the oracle judges. A few minutes on one
// core. Writes results/tree-pairs.json; `npm run figures` makes the table of docs/methods.md from it.
import { writeFileSync } from "node:fs";
import { say } from "../../common/command-line";
import { createRandom, permutation } from "../../common/random";
import { stepsOf } from "../../common/steps";
import { treePairsConfig } from "../../spec/config";
import { sum } from "../../spec/statistics";
import type { Judged } from "../../trainers/generate/judged-solutions";
import { begin, continuation, firstRight } from "../../trainers/generate/step-pairs";
import { treePairs } from "../../trainers/generate/tree-pairs";
import { goldReward } from "../../trainers/rewards/gold/reviews";
import { answersTo, trainingPrompts } from "./review-pairs";
import {
  asked,
  fromTheStart,
  judgedBy,
  maxNewTokens,
  type Worth,
  type Written,
  worthOf,
  written,
} from "./review-worth";
import { rowsFile, sideBySide, trace } from "./trace";

type Of = Pick<Worth, "gold" | "sentences">;
/** results/tree-pairs.json */
export interface TreePairsResult {
  steps: number;
  base: Of;
  ways: { name: string; seeds: (Of & { tokens: number; pairs: number })[] }[];
}

const seeds = [0, 1, 2];
const budget = 40_000; // tokens that each way may sample
const steps = 160;
const samples = 8; // of a best of n, and continuations after right steps
const asLines = (review: string) => review.replaceAll(". ", ".\n");

/** `tiny` that writes a sentence a line. */
async function trainBase(): Promise<string> {
  const rows = trainingPrompts.flatMap((prompt) =>
    answersTo(prompt).map((review) => ({
      prompt: asked(prompt),
      completion: [{ role: "assistant", content: asLines(review) }],
    })),
  );
  const { output } = await trace({
    ...{ method: "sft", model: { source: "tiny", dtype: "float32" }, adapter: null },
    data: { train: rowsFile(rows.map((row) => JSON.stringify(row))), heldOut: 0, maxLength: 160 },
    ...{ batchSize: 16, maxSteps: 80, seed: 0, optimizer: { learningRate: 3e-4, warmupRatio: 0.1 } },
  });
  return output;
}

interface Made {
  rows: object[];
  tokens: number;
}
/** Pairs of some prompts. `judged` is the base; `stream` names its random numbers. */
type Way = (judged: Judged, prompts: string[], stream: number) => Promise<Made>;

const tokensOf = (all: Written[][]) => sum(all.flat().map(({ tokens }) => tokens));

const bestOfN: Way = async (judged, prompts, stream) => {
  const all = written(judged, fromTheStart(prompts), samples, `${stream}`);
  const said = (content: string) => [{ role: "assistant", content }];
  const rows = all.flatMap((own, i) => {
    const whole = own.filter(({ ended }) => ended).map(({ text }) => text);
    const ranked = whole.sort((a, b) => goldReward(a) - goldReward(b));
    const [worst, best] = [ranked[0] ?? "", ranked.at(-1) ?? ""];
    if (goldReward(best) <= goldReward(worst)) return [];
    return [{ prompt: asked(prompts[i]!), chosen: said(best), rejected: said(worst) }];
  });
  return { rows, tokens: tokensOf(all) };
};

/** What each step adds to the oracle's reward. */
const gains = (solution: string) =>
  stepsOf(solution).map((_, i, all) => goldReward(all.slice(0, i + 1).join("")) - goldReward(all.slice(0, i).join("")));

/** The oracle in the place of people: the first sentence that lowers the reward is wrong, and one that does not is right. */
const stepDpo: Way = async (judged, prompts, stream) => {
  const first = written(judged, fromTheStart(prompts), 1, `${stream}`);
  const wrong = first.flatMap(([one], i) => {
    const solution = one!.text;
    const wrongStep = gains(solution).findIndex((gain) => gain < 0) + 1;
    if (wrongStep === 0) return [];
    const begun = begin(judged.tokenizer, { id: i, prompt: asked(prompts[i]!), solution, wrongStep });
    return [{ begun, prompt: prompts[i]!, before: begun.before }];
  });
  const more = written(judged, wrong, samples, `${stream}/on`);
  const rows = wrong.flatMap(({ begun }, i) => {
    const all = more[i]!.flatMap(({ text, ended }) => continuation(begun, text, ended, "solution") ?? []);
    return firstRight(begun, all, ({ step }) => gains(`${begun.before}${step}`).at(-1)! >= 0) ?? [];
  });
  return { rows, tokens: tokensOf(first) + tokensOf(more) };
};

const mctsDpo =
  (base: string): Way =>
  async (_, prompts, stream) => {
    const config = treePairsConfig.parse({
      ...{ model: { source: base, dtype: "float32" }, seed: stream, batchSize: 64, maxNewTokens },
      ...{ simulations: 6, children: 4, minDifference: 0.5, reward: { gold: "film-reviews" } },
    });
    const made: Made = { rows: [], tokens: 0 };
    await treePairs(
      config,
      rowsFile(prompts.map((prompt) => JSON.stringify({ prompt: asked(prompt) }))),
      (searched) => {
        made.rows.push(...searched.pairs);
        made.tokens += searched.tokens;
      },
    );
    return made;
  };

/** Training prompts in turn, some at a time, until the budget is spent. */
async function spent(way: Way, judged: Judged, seed: number): Promise<Made> {
  const made: Made = { rows: [], tokens: 0 };
  const order = permutation(trainingPrompts.length, createRandom("study", "tree pairs", seed));
  for (let part = 0; made.tokens < budget; part++) {
    const prompts = Array.from({ length: 16 }, (_, i) => trainingPrompts[order[(16 * part + i) % order.length]!]!);
    const { rows, tokens } = await way(judged, prompts, 1000 * seed + part);
    made.rows.push(...rows);
    made.tokens += tokens;
  }
  return made;
}

async function trained(base: string, rows: object[], seed: number): Promise<string> {
  const { output } = await trace({
    ...{ method: "dpo", model: { source: base, dtype: "float32" }, seed, dpo: { beta: 0.1 } },
    data: { train: rowsFile(rows.map((row) => JSON.stringify(row))), heldOut: 0, maxLength: 160 },
    ...{ batchSize: 16, maxSteps: steps, optimizer: { learningRate: 5e-4, warmupRatio: 0.1 } },
  });
  return output;
}

async function reviewsOf(base: string, adapter: string | null): Promise<Of> {
  const { gold, sentences } = await worthOf(base, adapter, (text) => stepsOf(text).length);
  return { gold, sentences };
}

export async function studyOfTreePairs(): Promise<void> {
  const base = await trainBase();
  const judged = await judgedBy(base, null);
  const ways = { "best and worst of 8": bestOfN, "Step-DPO": stepDpo, "MCTS-DPO": mctsDpo(base) };
  const jobs = Object.entries(ways).flatMap(([name, way]) => seeds.map((seed) => ({ name, way, seed })));
  const found = await sideBySide(jobs, async ({ name, way, seed }) => {
    const { rows, tokens } = await spent(way, judged, seed);
    const worth = await reviewsOf(base, await trained(base, rows, seed));
    say(`${name}, seed ${seed}: ${rows.length} pairs of ${tokens} tokens, ${JSON.stringify(worth)}`);
    return { name, worth: { ...worth, tokens, pairs: rows.length } };
  });
  const result: TreePairsResult = {
    ...{ steps, base: await reviewsOf(base, null) },
    ways: Object.keys(ways).map((name) => ({
      name,
      seeds: found.filter((one) => one.name === name).map(({ worth }) => worth),
    })),
  };
  writeFileSync(
    "tools/studies/results/tree-pairs.json",
    `${JSON.stringify(result, null, 1)}
`,
  );
}
