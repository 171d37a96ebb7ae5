// Learned positions end: a model that has them cannot compute a longer sequence, where rotary ones would go on.
import { type Adapter, virtualTokens } from "../engine/adapter";
import type { ModelConfig } from "./config";

/** Tokens of a sequence at most, virtual ones not counted. */
export const longestSequence = ({ learnedPositions }: ModelConfig, adapter: Adapter | null = null): number =>
  (learnedPositions ?? Number.POSITIVE_INFINITY) - virtualTokens(adapter);

/** Throws, with both numbers, where `what` has `tokens` tokens and the model positions for fewer. */
export function refuseTooLong(
  model: ModelConfig,
  adapter: Adapter | null,
  tokens: number,
  what: string,
  advice: string,
): void {
  const most = longestSequence(model, adapter);
  if (tokens > most) throw new Error(tooLong(tokens, most, what, advice));
}

export const tooLong = (tokens: number, most: number, what: string, advice: string): string =>
  `${what} has ${tokens} tokens and the model has positions for ${most}: ${advice}`;
