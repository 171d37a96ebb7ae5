// Speculative decoding: what a sequence may go on with is proposed cheaply, and the model reads all of it in one pass.
// Leviathan et al. 2023 (arXiv 2211.17192), Algorithm 1: a token x that was proposed with probability q(x) is taken with min(1, p(x) / q(x)),
// p being what the target draws from; otherwise one is drawn from norm(max(0, p − q)). Here a proposal is certain, q(x) = 1: the rule takes x
// with p(x), and draws from p without x otherwise. That is what drawing from p and comparing with x does, so every token is drawn from p by the
// uniform number that it would be drawn by in its turn: the answer is, token for token, the one that is written without proposals.
import type { Int8 } from "../engine/linear";
import { tf } from "../engine/tensorflow";
import { emptyRow, pagesFor, pagesOf } from "../inference/pages";
import { type NativeModel, nativeScores } from "../models/native-model";
import { shared } from "./kept-rows";

/** Up to `most` tokens that `ids` may go on with; none where there is nothing to go by. */
export type Propose = (ids: number[], most: number) => number[];

/** Lengths of the endings that are looked for, longest first. A single token is found too often where it means nothing. */
const endings = [3, 2];

/** Prompt lookup (Saxena 2023, github.com/apoorvumang/prompt-lookup-decoding): what followed the last tokens when they last came before. */
export const promptLookup =
  (count: number): Propose =>
  (ids, most) => {
    for (const length of endings) {
      const ending = ids.length - length;
      for (let at = ending - 1; at >= 0; at--)
        if (isAt(ids, at, ending)) return ids.slice(at + length, at + length + Math.min(count, most));
    }
    return [];
  };

/** Whether what `ids` end with, from `ending` on, stands at `at` as well. */
function isAt(ids: number[], at: number, ending: number): boolean {
  for (let i = ending; i < ids.length; i++) if (ids[at + i - ending] !== ids[i]) return false;
  return true;
}

/** What a smaller model of the same tokens finds likeliest. It keeps the keys and values of what it read last, up to `context` tokens. */
export function draftModel(
  model: NativeModel,
  head: tf.Tensor2D | Int8, // [V, d]
  { count, context }: { count: number; context: number },
): Propose {
  const cache = model.cache(pagesFor(context));
  const pages = pagesOf(cache);
  const row = emptyRow();
  let known: number[] = [];
  const likeliestAfter = (ids: number[]): number => {
    const from = Math.min(shared(known, ids), ids.length - 1); // the last token is read again: its hidden state predicts
    known = [...ids];
    pages.cut(row, from);
    pages.extend([row], ids.length - from);
    return tf.tidy(() => {
      const unread = tf.tensor2d([ids.slice(from)], undefined, "int32");
      const hidden = model.lastHidden(cache, { ids: unread, pages: [row.pages], places: [from] });
      return tf.argMax(nativeScores(hidden, head), -1).dataSync<"int32">()[0]!;
    });
  };
  return (ids, most) => {
    const proposed: number[] = [];
    const end = Math.min(count, most, context - ids.length);
    while (proposed.length < end) proposed.push(likeliestAfter([...ids, ...proposed]));
    return proposed;
  };
}

/** The first of `ways` that has something to propose. */
export const firstOf =
  (ways: Propose[]): Propose =>
  (ids, most) => {
    for (const propose of ways) {
      const proposed = propose(ids, most);
      if (proposed.length > 0) return proposed;
    }
    return [];
  };

/** A stream of numbers of which some are looked at before they are drawn. */
export interface LookAhead {
  next(): number;
  /** The next `count` of them, which are drawn later. */
  peek(count: number): number[];
}

export function lookAhead(random: () => number): LookAhead {
  const seen: number[] = [];
  return {
    next: () => seen.shift() ?? random(),
    peek(count) {
      while (seen.length < count) seen.push(random());
      return seen.slice(0, count);
    },
  };
}
