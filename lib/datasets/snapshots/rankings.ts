// Records as rankings of their answers, of two or more: what listwise DPO learns from.
import type { Message } from "../../../spec/chat";
import { asksSingle } from "../../annotation/items/asks-single";
import { mostAnswers, pairsOf } from "../../annotation/items/items";
import { answersOf, judgedWith } from "../../annotation/judging/rankings";
import { type Decided, judgedItems } from "../../annotation/judging/standing-votes";
import { rewritesArePairs } from "./rewrite-pairs";

export interface RankedAnswers {
  prompt: Message[];
  completions: [Message][];
  /** The best is 1; equal is tied. */
  ranks: number[];
  n_raters: number;
  labelled_by?: "import";
}

/** Every record of which at least one pair of answers is decided; where the dataset says so, what annotators wrote stands above its answers. */
export function* eachRanking(queueId: number): Generator<RankedAnswers> {
  if (asksSingle(queueId)) return;
  const withRewrites = rewritesArePairs(queueId);
  for (const judged of records(queueId)) {
    const ranking = rankingOf(judged);
    const written = withRewrites ? rewritesIn(judged, ranking) : [];
    if (written.length > 0) yield beneath(written, ranking);
    else if (judged.some(({ balance }) => balance !== 0)) yield ranking;
  }
}

/** As many as a ranking has room for. */
function rewritesIn(judged: Decided[], { completions }: RankedAnswers): string[] {
  const answers = new Set(completions.map(([{ content }]) => content));
  const texts = judged.flatMap(({ votes }) => votes.flatMap(({ rewrite }) => (rewrite === null ? [] : [rewrite])));
  return [...new Set(texts)].filter((text) => !answers.has(text)).slice(0, mostAnswers - completions.length);
}

const beneath = (written: string[], ranking: RankedAnswers): RankedAnswers => ({
  ...ranking,
  completions: [...written.map((content): [Message] => [{ role: "assistant", content }]), ...ranking.completions],
  ranks: [...written.map(() => 1), ...ranking.ranks.map((rank) => rank + 1)],
});

/** Pairs of one ranking stand together. */
function* records(queueId: number): Generator<Decided[]> {
  let held: Decided[] = [];
  for (const one of judgedItems(queueId)) {
    const isSame = one.item.ranking !== null && one.item.ranking === held[0]?.item.ranking;
    if (!isSame && held.length > 0) {
      yield held;
      held = [];
    }
    held.push(one);
  }
  if (held.length > 0) yield held;
}

/** An answer stands the higher, the more others it is preferred to (Copeland's rule): of one annotator that is the order given. */
function rankingOf(judged: Decided[]): RankedAnswers {
  const balances = new Map(judged.map(({ item, balance }) => [item.id, balance]));
  const pairs = judgedWith(judged[0]!.item);
  const answers = answersOf(pairs);
  const wins = answers.map(() => 0);
  for (const [at, [i, j]] of pairsOf(answers.length).entries()) {
    const better = Math.sign(balances.get(pairs[at]!.id) ?? 0);
    wins[i]! += better;
    wins[j]! -= better;
  }
  const levels = [...new Set(wins)].sort((a, b) => b - a);
  const raters = Math.min(...judged.map((one) => one.raters));
  return {
    prompt: pairs[0]!.prompt,
    completions: answers.map((content) => [{ role: "assistant", content }]),
    ranks: wins.map((count) => levels.indexOf(count) + 1),
    n_raters: raters,
    ...(raters === 0 && judged.every(({ ruled }) => !ruled) && { labelled_by: "import" as const }),
  };
}
