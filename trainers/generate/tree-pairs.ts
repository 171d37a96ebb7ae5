// `workbench tree-pairs`: a search tree over the steps of solutions to each prompt, and pairs of siblings that it tells apart, on which DPO trains:
// MCTS-DPO (Xie et al. 2024, arXiv 2405.00451). A step is worth what the reward says of solutions that are sampled on from it, or of the steps so far.
import type { TreePairsConfig } from "../../spec/config";
import type { SearchedTrees } from "../../spec/reports";
import { mean, sum } from "../../spec/statistics";
import { chunks } from "../data/row-batches";
import type { Completion } from "../inference/sampling";
import type { ChatTokenizer } from "../models/tokenizer";
import { type AskedPrompt, askedIn } from "./asked-prompts";
import { type Judged, openJudged, requireKnown, stepPairOf } from "./judged-solutions";
import { continuation } from "./step-pairs";
import { confidence, type Node, newTree, type Step, search, siblings, textOf } from "./tree-search";

/** `take` gets the pairs of each batch of trees. */
export async function treePairs(
  config: TreePairsConfig,
  file: string,
  take: (searched: SearchedTrees) => void,
): Promise<void> {
  const judged = await openJudged(config);
  const asked = await askedIn(file, judged.tokenizer, config.reward.rules.answer?.column ?? null);
  requireKnown(
    config.reward,
    asked.map(({ index, prompt }) => ({ name: `prompt ${index + 1}`, prompt })),
  );
  let done = 0;
  for (const batch of chunks(asked, Math.max(1, Math.floor(config.batchSize / config.children)))) {
    const trees = batch.map(newTree);
    const owners = new Map(trees.map((tree, i) => [tree, batch[i]!]));
    let tokens = 0;
    search(trees, config, (leaves, simulation) => {
      const expanded = nextSteps(config, judged, leaves.map(openedBy(owners)), simulation);
      tokens += expanded.tokens;
      return expanded.steps;
    });
    const pairs = trees.map((tree) => pairsOf(tree, owners.get(tree)!, config.minDifference));
    done += batch.length;
    const left = pairs.filter(({ length }) => length === 0).length;
    take({ pairs: pairs.flat(), left, tokens, done, total: asked.length });
  }
}

interface Opened extends AskedPrompt {
  /** The steps so far. */
  before: string;
}

const openedBy =
  (owners: Map<Node, AskedPrompt>) =>
  (leaf: Node): Opened => ({ ...owners.get(rootOf(leaf))!, before: textOf(leaf) });

const rootOf = (node: Node): Node => (node.parent ? rootOf(node.parent) : node);

/** The different steps among `children` samples after each solution so far, and how many tokens were sampled for them. */
function nextSteps(config: TreePairsConfig, judged: Judged, opened: Opened[], simulation: number) {
  const { children, maxNewTokens, seed } = config;
  const { ends, pad, encode } = judged.tokenizer;
  const rows = opened.flatMap((one) => {
    const begun = encode(one.before);
    const row = { ids: [...one.promptIds, ...begun], limit: Math.max(1, maxNewTokens - begun.length) };
    return Array.from({ length: children }, (_, sample) => ({
      ...row,
      stream: `${seed}/${one.index}/${simulation}/${sample}`,
    }));
  });
  const sampled = judged.sampler(
    rows.map(({ ids }) => ids),
    {
      ...config,
      ...{ ends, pad, limits: rows.map(({ limit }) => limit), streams: rows.map(({ stream }) => stream) },
    },
  );
  const own = chunks(sampled, children);
  return {
    steps: opened.map((one, i) => stepsAfter(config, judged, one, own[i]!)),
    tokens: sum(sampled.map(({ ids }) => ids.length)),
  };
}

function stepsAfter(config: TreePairsConfig, judged: Judged, { before, ...asked }: Opened, own: Completion[]): Step[] {
  const { tokenizer, scoresOf } = judged;
  const read = own.flatMap((completion) => {
    const more = tokenizer.decode(completion.ids);
    const one = continuation({ before, solution: `${before}${more}` }, more, completion.ended, config.judged);
    return one
      ? [{ ...one, ended: completion.ended && one.step === more, prior: priorOf(tokenizer, completion, one.step) }]
      : [];
  });
  const scores = scoresOf(
    asked,
    read.map(({ text }) => text),
  );
  return distinct(
    read.flatMap(({ step, ended, prior }, i) =>
      scores[i] === null ? [] : [{ text: step, ended, prior, reward: scores[i]! }],
    ),
  );
}

/** The λ of equation 1, as in the authors' code. */
const lengthPenalty = 1.25;

/** log p(a | s) = Σ log π / |a|^λ: the authors' code divides the logarithm by what the paper divides the probability by. */
function priorOf({ encode }: ChatTokenizer, { logProbs }: Completion, step: string): number {
  const own = logProbs.slice(0, encode(step).length);
  return Math.exp(sum(own) / own.length ** lengthPenalty);
}

/** Samples that are the same step count as one, visited as often. */
function distinct(sampled: Omit<Step, "visits">[]): Step[] {
  const same = new Map<string, Omit<Step, "visits">[]>();
  for (const step of sampled) {
    const key = JSON.stringify([step.text.trim(), step.ended]);
    same.set(key, [...(same.get(key) ?? []), step]);
  }
  return [...same.values()].map((all) => ({
    ...all[0]!,
    reward: mean(all.map(({ reward }) => reward)),
    visits: all.length,
  }));
}

const pairsOf = (tree: Node, { prompt }: AskedPrompt, least: number): SearchedTrees["pairs"] =>
  siblings(tree, least).map(({ chosen, rejected }) => ({
    ...stepPairOf(prompt, textOf(chosen.parent!), chosen.text, rejected.text),
    p_chosen: confidence({ chosen, rejected }),
  }));
