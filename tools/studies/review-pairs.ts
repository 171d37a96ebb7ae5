// The sample's pairs (answers of `tiny` itself, ranked by the oracle reward) as studies need them: prompts split, labels clean or flipped at will.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createRandom, permutation } from "../../common/random";
import { prompts } from "../../trainers/rewards/gold/reviews";

interface Row {
  prompt: { role: string; content: string }[];
  chosen: unknown;
  rejected: unknown;
  flipped: boolean;
}

/** A third of the prompts is never trained on. */
const heldOutShare = 1 / 3;
const order = permutation(prompts().length, createRandom("study", "split")).map((i) => prompts()[i]!);
export const heldOutPrompts = order.slice(0, Math.round(order.length * heldOutShare));

const rows = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz"))
  .toString("utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Row);
const isHeldOut = ({ prompt }: Row) => heldOutPrompts.includes(prompt[0]!.content);

const paired = ({ prompt, chosen, rejected, flipped }: Row, swap: boolean) => {
  const swapped = flipped !== swap;
  return JSON.stringify({ prompt, chosen: swapped ? rejected : chosen, rejected: swapped ? chosen : rejected });
};

/** `count` pairs of training prompts, drawn by seed, of which a share `noise` is labelled the wrong way round. */
export function trainingPairs(count: number, noise: number, seed: number): string[] {
  const own = rows.filter((row) => !isHeldOut(row));
  if (count > own.length) throw new Error(`the sample has ${own.length} pairs to train on, not ${count}`);
  const random = createRandom("study", "pairs", seed);
  return permutation(own.length, random)
    .slice(0, count)
    .map((i) => paired(own[i]!, random() < noise));
}

export const allTrainingPairs = rows.filter((row) => !isHeldOut(row)).length;

/** A pair of each prompt that is held out: what a policy is measured on. */
export const heldOutPairs = (): string[] => {
  const first = new Map<string, Row>();
  for (const row of rows.filter(isHeldOut))
    if (!first.has(row.prompt[0]!.content)) first.set(row.prompt[0]!.content, row);
  return [...first.values()].map((row) => paired(row, false));
};
