// Learned positions end: a model that has them cannot compute a longer sequence, where rotary ones would go on.
import { type Adapter, virtualTokens } from "../engine/adapter";
import type { ModelConfig } from "./config";
import type { LoadedFiles } from "./formats/loaded-files";

/** Tokens of a sequence at most, virtual ones not counted. */
export const longestSequence = ({ learnedPositions }: ModelConfig, adapter: Adapter | null = null): number =>
  (learnedPositions ?? Number.POSITIVE_INFINITY) - virtualTokens(adapter);

/** Tokens of the sequences that the model was made for, where its config says so: rotary positions go on after these, and it reads them worse. */
export function madeFor({ config, companions }: Pick<LoadedFiles, "config" | "companions">): number {
  const { max_position_embeddings: said } = JSON.parse(companions()["config.json"]!) as Record<string, unknown>;
  return Math.min(longestSequence(config), Number(said) || Number.POSITIVE_INFINITY);
}

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
