// What methods compute with a language model: log-probabilities, hidden states and values of answers, with the adapter or without.

import type { Adapter } from "../engine/adapter";
import { type Divergence, positionDivergence } from "../engine/divergence";
import { logSquares, positionKl } from "../engine/head";
import { positionEntropy } from "../engine/head-entropy";
import { labelScores } from "../engine/label-scores";
import { withoutGradient } from "../engine/ops";
import { tf } from "../engine/tensorflow";
import type { Model } from "../models/model";
import { turnsByLength } from "../models/parts/rope-frequencies";
import { headOf, packedTransformer, transformer } from "../models/transformer";
import type { TokenBatch } from "./batches";
import { oneAnswerRows } from "./one-answer-rows";
import { pastOf } from "./past";
import { tokenCounts } from "./routing";
import { sumOfScored } from "./scored-tokens";
import { noAttention, promptAndAnswers } from "./segments";
import { unbrokenRows } from "./unbroken-rows";

/** What says something: a model, or what is trained over it. Null is the model itself. */
export interface Speaker {
  model: Model;
  adapter: Adapter | null;
}

/** What the model makes of every answer token, in nats; positions outside `batch.mask` hold no meaning. Only `logProbs` has a gradient. */
export interface TokenScores {
  /** log π(token | tokens before). */
  logProbs: tf.Tensor2D; // [n·B, C]
  /** Of the distribution that the token was drawn from. */
  entropy: tf.Tensor2D; // [n·B, C]
  /** 1 where the token is the likeliest. */
  top1: tf.Tensor2D; // [n·B, C]
  meanLogit: tf.Tensor2D; // [n·B, C]
}

/** With a temperature, of the distribution that sampling at it draws from. */
export function tokenScores(model: Model, adapter: Adapter | null, batch: TokenBatch, temperature = 1): TokenScores {
  return scoresOf(answerStates(model, adapter, batch), { model, adapter }, batch, temperature);
}

/** A number for the state before every answer token, and with it for the token: w · h. head [1, d] → [n·B, C] */
export function tokenValues(model: Model, adapter: Adapter | null, head: tf.Tensor2D, batch: TokenBatch): tf.Tensor2D {
  return valuesOf(answerStates(model, adapter, batch), head, batch);
}

/** The same of hidden states that are known already. states [n·B·C, d] */
export const valuesOf = (states: tf.Tensor2D, head: tf.Tensor2D, { mask }: TokenBatch): tf.Tensor2D =>
  tf.matMul(states, head, false, true).reshape(mask.shape);

/** A reward model's number for each answer, read at its last token. head [1, d] → [n·B] */
export function answerRewards(
  model: Model,
  adapter: Adapter | null,
  head: tf.Tensor2D,
  batch: TokenBatch,
): tf.Tensor1D {
  return tf.matMul(lastStates(model, adapter, batch), head, false, true).reshape([-1]);
}

/** Token scores of hidden states that are known already. states [n·B·C, d] */
export function scoresOf(
  states: tf.Tensor2D,
  { model, adapter }: Speaker,
  { labels, mask, packed }: TokenBatch,
  temperature = 1,
): TokenScores {
  const head = headOf(model, adapter, temperature);
  const { logProbs, entropy, top1, meanLogit } = packed
    ? labelScores(tf.gather(states, packed.scored), head, tf.gather(labels, packed.scored)) // [M] each
    : labelScores(states, head, labels); // [n·B·C] each
  /** In place, with 0 where nothing is scored. */
  const spread = (x: tf.Tensor1D) => tf.gather(tf.concat([x, tf.zeros([1])]), packed!.places);
  const shaped = (x: tf.Tensor1D) => (packed ? spread(x) : x).reshape<tf.Tensor2D>(mask.shape);
  return { logProbs: shaped(logProbs), entropy: shaped(entropy), top1: shaped(top1), meanLogit: shaped(meanLogit) };
}

/**
 * The same, and how likely the policy is to write each answer: exp of the mean of log π(token) − log Σ_v π(v)² over its tokens, without
 * a gradient (WPO, Zhou et al. 2024, arXiv 2406.11827, equation 4). → [n·B]
 */
export function weighedTokenScores(
  model: Model,
  adapter: Adapter | null,
  batch: TokenBatch,
): TokenScores & { weights: tf.Tensor1D } {
  const states = answerStates(model, adapter, batch);
  const scores = scoresOf(states, { model, adapter }, batch);
  const expected = logSquares(states, headOf(model, adapter)).reshape<tf.Tensor2D>(batch.mask.shape);
  const weights = sumOfScored(scores.logProbs.sub<tf.Tensor2D>(expected), batch)
    .div(batch.mask.sum(1))
    .exp() as tf.Tensor1D;
  return { ...scores, weights: withoutGradient(weights) };
}

/** Exact KL(policy ‖ reference) at every answer token, over the whole vocabulary, in nats, of hidden states [n·B·C, d] of both. → [n·B, C] */
export const klOf = (
  [policy, by]: [tf.Tensor2D, Speaker],
  [reference, other]: [tf.Tensor2D, Speaker],
  { mask }: TokenBatch,
  temperature = 1,
): tf.Tensor2D =>
  positionKl(policy, reference, headBy(by, temperature), headBy(other, temperature)).reshape(mask.shape);

const headBy = ({ model, adapter }: Speaker, temperature: number) => headOf(model, adapter, temperature);

/** How far a student is from its teacher at every answer token, of hidden states [n·B·C, d] of both; the student's alone have a gradient. → [n·B, C] each */
export function divergenceOf(
  [student, by]: [tf.Tensor2D, Speaker],
  [teacher, other]: [tf.Tensor2D, Speaker],
  { mask }: TokenBatch,
  beta: number,
  temperature = 1,
): { [Name in keyof Divergence]: tf.Tensor2D } {
  const { divergence, kl, entropy, agreement } = positionDivergence(
    { states: student, head: headBy(by, temperature) },
    { states: teacher, head: headBy(other, temperature) },
    beta,
  );
  const shaped = (x: tf.Tensor1D) => x.reshape<tf.Tensor2D>(mask.shape);
  return { divergence: shaped(divergence), kl: shaped(kl), entropy: shaped(entropy), agreement: shaped(agreement) };
}

/** Entropy at every answer token, with its gradient to the states [n·B·C, d], in nats. → [n·B, C] */
export const entropyOf = (states: tf.Tensor2D, by: Speaker, { mask }: TokenBatch, temperature = 1): tf.Tensor2D =>
  positionEntropy(states, headBy(by, temperature)).reshape(mask.shape);

/** log π of every answer token. → [n·B, C] */
export const tokenLogProbs = (model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor2D =>
  tokenScores(model, adapter, batch).logProbs;

/** Hidden states that predict the answers' tokens. → [n·B·C, d] */
export const answerStates = (model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor2D =>
  statesAt("states", model, adapter, batch);

/** Hidden states at the last token of every answer. → [n·B, d] */
export const lastStates = (model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor2D =>
  statesAt("ends", model, adapter, batch);

/** By the ops of native/ where they can do it. */
function statesAt(which: "states" | "ends", model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor2D {
  const packed = batch.packed && packedTransformer(model, adapter, batch.packed); // [N, d]
  if (packed) return tf.gather(packed, batch.packed![which]);
  if (model.config.stateSpace) {
    const rows = unbrokenRows(batch);
    return tf.gather(transformer(model, adapter, rows, noAttention), rows[which]);
  }
  const rows = turnsByLength(model.config) ? oneAnswerRows(batch) : batch;
  const { routing } = model;
  const layers: tf.Tensor2D[] | null = routing?.adapter === adapter ? [] : null;
  const past = pastOf(model, adapter);
  const sequence = { ...rows, ...(layers && { routes: layers }), ...(past && { past }) };
  const states = transformer(model, adapter, sequence, promptAndAnswers(rows, model, past)); // [B·T, d]
  if (layers) routing!.passes.push({ layers, tokens: tokenCounts(rows) });
  return tf.gather(states, rows[which]);
}

/** log π(answer | prompt): the sum over each answer's scored tokens, in nats; answer 0 of every row first. → [n·B] */
export const sequenceLogProbs = (model: Model, adapter: Adapter | null, batch: TokenBatch): tf.Tensor1D =>
  sumOfScored(tokenLogProbs(model, adapter, batch), batch);
