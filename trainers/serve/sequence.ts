// A sequence that a server writes: its prompt, what there is of its answer, and how the next token is drawn.
import type { Truncation } from "../inference/draw";
import type { FrozenPolicy } from "../inference/frozen-policy";
import type { NativeModel } from "../models/native-model";

/** How the tokens of an answer are drawn. */
export interface Drawing extends Truncation {
  /** 0 takes the likeliest token. */
  temperature: number;
  /** Name of the stream of random numbers: equal ones draw equal answers. */
  stream: string;
  /** Added to a token's logit. */
  bias: Map<number, number>;
  /** Taken from a token's logit for each time that the answer has it, and once if it has it at all. */
  frequencyPenalty: number;
  presencePenalty: number;
}

/** How likely the model found a token, by its logits alone: before temperature, truncation and penalties. */
export type TokenLogProb = {
  id: number;
  /** In nats. */
  logProb: number;
  /** The likeliest tokens in its place, falling, as many as were asked for. */
  top: [id: number, logProb: number][];
};

export interface SequenceRequest {
  /** Whose answer it is: a model's name. */
  policy: string;
  prompt: number[];
  maxNewTokens: number;
  drawing: Drawing;
  /** How many of the likeliest tokens are told with each token; null: no log-probabilities at all. */
  top: number | null;
  /** Whether they are told of the prompt's tokens too, from the second on. */
  scorePrompt: boolean;
  /** Hears of each token; true ends the answer with it. */
  token(id: number, scored: TokenLogProb | null): boolean;
  /** Hears of the prompt's tokens once they are read. */
  scoredPrompt?(tokens: TokenLogProb[]): void;
  /** The answer is over; `cached` tokens of its prompt had been computed before. An error is a fault of the server. */
  ended(cached: number, error?: unknown): void;
}

/** Whoever asked for it can end it. */
export interface Ticket {
  cancel(): void;
}

/** `native`: as the ops of native/ compute it, where they can. */
export interface ServedPolicy extends FrozenPolicy {
  native: NativeModel | null;
}

/** Writes sequences. */
export interface Engine {
  submit(request: SequenceRequest): Ticket;
  /** Tokens that a prompt and its answer can have together. */
  context: number;
  counts(): EngineCounts;
  /** Whether anything that is written or waits is this policy's. */
  uses(policy: string): boolean;
}

export interface EngineCounts {
  running: number;
  waiting: number;
  /** Since the start: tokens of prompts, those of them that had been computed before, and tokens of answers. */
  promptTokens: number;
  cachedTokens: number;
  answerTokens: number;
  /** Tokens that speculative decoding proposed, and those of them that were drawn. */
  proposedTokens: number;
  acceptedTokens: number;
  /** How often a sequence had to give up its pages to those before it, and was read again later. */
  preemptions: number;
  /** Pages of the cache, those of them in which keys and values stand, and of how many tokens. */
  cachePages: number;
  cachePagesHeld: number;
  cacheTokens: number;
}
