// More than two answers to one prompt are stored as the pairs they form, so that agreement, exports and training only deal with pairs.
import { asc, eq } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { appDb } from "../../db/client";
import { type Item, items } from "../../db/tables/items";
import type { Judgement } from "../../db/tables/judgements";
import { translatedError } from "../../messages/translated-error";
import { pairsOf } from "../items/items";
import { goodOrBad, isSingle } from "../items/single-answers";
import type { Choice } from "./judging-schema";

/** All pairs that are judged together with this one: those of its ranking, or itself. */
export const judgedWith = (item: Item): Item[] =>
  item.ranking === null
    ? [item]
    : appDb().select().from(items).where(eq(items.ranking, item.ranking)).orderBy(asc(items.place)).all();

/** What such pairs compare, each once, from what their two sides hold. */
export function eachOf<Side>(pairs: [Side, Side][]): Side[] {
  const answers = (1 + Math.sqrt(1 + 8 * pairs.length)) / 2;
  return [pairs[0]![0], ...pairs.slice(0, answers - 1).map(([, second]) => second)];
}

export const answersOf = (pairs: Item[]): string[] =>
  isSingle(pairs[0]!) ? [pairs[0]!.first] : eachOf(pairs.map(({ first, second }) => [first, second]));

type Stored = Pick<Judgement, "verdict" | "strength" | "wrongStep" | "reason" | "shownLeft">;

/** The verdict on each pair that a choice implies; `order` maps screen positions to answers. The difference in rank is the strength, at most 4. */
export function verdictsOf(choice: Choice, order: number[]): Stored[] {
  if (order.length === 1) return [verdictOn(choice)];
  if (choice.kind === "good" || choice.kind === "bad" || choice.kind === "step")
    throw translatedError(422, "error.sayWhichIsBetter", { count: order.length }, { refused: "vote" });
  const rank = choice.kind === "ranking" ? ranksOf(choice.tiers, order) : null;
  if ((choice.kind === "left" || choice.kind === "right") && order.length !== 2)
    throw translatedError(422, "error.sendOrder", { count: order.length }, { refused: "vote" });
  return pairsOf(order.length).map(([i, j]) => {
    const shownLeft = order.indexOf(i) < order.indexOf(j) ? "first" : "second";
    const right = shownLeft === "first" ? "second" : "first";
    const says = (verdict: Stored["verdict"], strength: number | null = null): Stored => {
      return { verdict, strength, wrongStep: null, reason: choice.kind === "flag" ? choice.reason : null, shownLeft };
    };
    if (rank) {
      const apart = rank[j]! - rank[i]!;
      return apart === 0 ? says("tie") : says(apart > 0 ? "first" : "second", Math.min(4, Math.abs(apart)));
    }
    if (choice.kind === "left") return says(shownLeft, choice.strength);
    if (choice.kind === "right") return says(right, choice.strength);
    return says(choice.kind as Exclude<Choice["kind"], "left" | "right" | "ranking" | "good" | "bad" | "step">);
  });
}

/** The verdict on a single answer. */
function verdictOn(choice: Choice): Stored {
  const says = (
    verdict: Stored["verdict"],
    strength: number | null = null,
    wrongStep: number | null = null,
  ): Stored => {
    return { verdict, strength, wrongStep, reason: choice.kind === "flag" ? choice.reason : null, shownLeft: "first" };
  };
  if (choice.kind === "step") return says(choice.step === 0 ? "first" : "second", 1, choice.step);
  if (choice.kind === "good") return says("first", 1);
  if (choice.kind === "bad") return says("second", 1);
  if (choice.kind === "skip" || choice.kind === "flag") return says(choice.kind);
  throw translatedError(422, "error.sayGoodOrBad", {}, { refused: "vote" });
}

/** Rank of each answer, 0 the best; those that tie share one. */
function ranksOf(tiers: number[][], order: number[]): number[] {
  const named = tiers.flat().toSorted((a, b) => a - b);
  if (named.length !== order.length || named.some((place, i) => place !== i))
    throw new AppError(
      422,
      `The ranking names answers ${named.join(", ")}; there are answers 0 to ${order.length - 1}.`,
      {
        refused: "vote",
      },
    );
  const ranks: number[] = [];
  for (const [rank, places] of tiers.entries()) for (const place of places) ranks[order[place]!] = rank;
  return ranks;
}

/** The order of the answers on screen when the votes were given: the more answers one was left of, the further left it was. */
export function orderOf(votes: Pick<Judgement, "shownLeft">[]): number[] {
  const pairs = pairsOf((1 + Math.sqrt(1 + 8 * votes.length)) / 2);
  const before = pairs.map(([i, j], at) => (votes[at]!.shownLeft === "first" ? i : j));
  const answers = [...new Set(pairs.flat())];
  const leftOf = (answer: number) => before.filter((one) => one === answer).length;
  return answers.sort((a, b) => leftOf(b) - leftOf(a));
}

/** The choice that stored verdicts express, for answers in this order. */
export function choiceOf(votes: Stored[], order: number[]): Choice {
  const [{ verdict, strength, wrongStep, reason }] = votes as [Stored];
  if (wrongStep !== null) return { kind: "step", step: wrongStep };
  if (
    votes.length > 1 &&
    votes.every((vote) => vote.verdict === "first" || vote.verdict === "second" || vote.verdict === "tie")
  )
    return { kind: "ranking", tiers: tiersOf(votes, order) };
  const says = order.length === 1 && goodOrBad(verdict);
  if (says) return { kind: says };
  if (verdict === "first" || verdict === "second")
    return { kind: (verdict === "first") === (order[0] === 0) ? "left" : "right", strength: strength! };
  return verdict === "flag" ? { kind: verdict, reason: reason! } : { kind: verdict! };
}

/** Answers that lose to equally many others share a tier. */
function tiersOf(votes: Stored[], order: number[]): number[][] {
  const beaten = order.map(() => 0);
  for (const [at, [i, j]] of pairsOf(order.length).entries()) {
    if (votes[at]!.verdict === "second") beaten[i]!++;
    if (votes[at]!.verdict === "first") beaten[j]!++;
  }
  const levels = [...new Set(beaten)].sort((a, b) => a - b);
  return levels.map((level) =>
    beaten.flatMap((count, answer) => (count === level ? [order.indexOf(answer)] : [])).sort((a, b) => a - b),
  );
}
