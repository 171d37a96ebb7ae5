// The sample's pairs (answers of `tiny` itself, ranked by the oracle reward) as studies need them: prompts split, labels clean or flipped at will.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createRandom, permutation } from "../../common/random";
import { prompts } from "../../trainers/rewards/gold/reviews";

interface Message {
  role: string;
  content: string;
}
interface Row {
  prompt: Message[];
  chosen: Message[];
  rejected: Message[];
  flipped: boolean;
}

/** A third of the prompts is never trained on. */
const heldOutShare = 1 / 3;
const order = permutation(prompts().length, createRandom("study", "split")).map((i) => prompts()[i]!);
const heldOut = Math.round(order.length * heldOutShare);
export const heldOutPrompts = order.slice(0, heldOut);
export const trainingPrompts = order.slice(heldOut);

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

const answers = new Map<string, Set<string>>();
for (const { prompt, chosen, rejected } of rows) {
  const own = answers.get(prompt[0]!.content) ?? new Set();
  answers.set(prompt[0]!.content, own.add(chosen[0]!.content).add(rejected[0]!.content));
}

/** The distinct answers of a prompt's pairs. */
export const answersTo = (prompt: string): string[] => [...(answers.get(prompt) ?? [])];
