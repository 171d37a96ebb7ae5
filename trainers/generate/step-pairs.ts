// `workbench step-pairs`: solutions that people found wrong are gone on with after their right steps, and the first step that leads to a right end
// is preferred to the wrong one: Step-DPO's pairs (Lai et al. 2024, arXiv 2406.18629, section 3.2).
import { nextStep, stepsOf } from "../../common/steps";
import type { StepPairsConfig } from "../../spec/config";
import type { ContinuedSteps, StepPair, WrongSolution } from "../../spec/reports";
import { chunks } from "../data/row-batches";
import { tokenizePrompt } from "../data/tokenize";
import type { ChatTokenizer } from "../models/tokenizer";
import { withTruths } from "./asked-prompts";
import { type Asked, openJudged, requireKnown, stepPairOf } from "./judged-solutions";

/** A solution without a pair. */
type Left = ContinuedSteps["left"][number];

/** `take` gets the pairs of each batch, and the solutions without one. */
export async function stepPairs(
  config: StepPairsConfig,
  solutions: WrongSolution[],
  take: (pairs: StepPair[], left: Left[], done: number) => void,
): Promise<void> {
  const { samples, judged, threshold, seed } = config;
  requireKnown(
    config.reward,
    solutions.map(({ id, prompt }) => ({ name: `record ${id}`, prompt })),
  );
  const { sampler, tokenizer, scoresOf } = await openJudged(config);
  const { ends, pad } = tokenizer;
  const { known, unknown } = await withTruths(config, solutions, tokenizer);

  /** Of all samples of some solutions. */
  const continuationsOf = (begun: Begun[]): Continuation[][] => {
    const asked = begun.flatMap((one) => Array.from({ length: samples }, (_, sample) => ({ ...one, sample })));
    const streams = asked.map(({ id, sample }) => `${seed}/${id}/${sample}`);
    const isEnough = (row: number, ids: readonly number[]) => hasStep(asked[row]!, tokenizer.decode([...ids]));
    const sampled = sampler(
      asked.map(({ ids }) => ids),
      { ...config, ends, pad, streams, ...(judged === "step" && { isEnough }) },
    );
    const read = sampled.map(({ ids, ended }, i) => continuation(asked[i]!, tokenizer.decode(ids), ended, judged));
    return chunks(read, samples).map((own) => own.filter((one) => one !== null));
  };

  let done = unknown.length;
  const why = `no right answer to its prompt in column ${config.reward.rules.answer?.column}`;
  if (done > 0)
    take(
      [],
      unknown.map(({ id }) => ({ id, why })),
      done,
    );
  for (const batch of chunks(known, Math.max(1, Math.floor(config.batchSize / samples)))) {
    const begun = batch.map((one) => begin(tokenizer, one));
    const pairs: StepPair[] = [];
    const left: Left[] = [];
    for (const [i, continuations] of continuationsOf(begun).entries()) {
      const own = begun[i]!;
      const scores = scoresOf(
        own,
        continuations.map(({ text }) => text),
      );
      const pair = firstRight(own, continuations, (_, at) => (scores[at] ?? Number.NEGATIVE_INFINITY) >= threshold);
      if (pair) pairs.push(pair);
      else left.push({ id: own.id, why: `none of ${continuations.length} continuations that ended is right` });
    }
    done += batch.length;
    take(pairs, left, done);
  }
}

export interface Begun extends Asked {
  id: number;
  /** The right steps, and the wrong one. */
  before: string;
  wrong: string;
  solution: string;
  /** Those after which the model is to go on, as DPO reads them of such a row. */
  ids: number[];
}

/** A solution up to its first wrong step. */
export function begin(
  tokenizer: ChatTokenizer,
  { id, prompt, solution, wrongStep, truth }: WrongSolution & Pick<Asked, "truth">,
): Begun {
  const steps = stepsOf(solution);
  const before = steps.slice(0, wrongStep - 1).join("");
  const wrong = steps[wrongStep - 1];
  if (wrong === undefined)
    throw new Error(`solution ${id} has ${steps.length} steps, and its wrong one is said to be ${wrongStep}`);
  const promptIds = tokenizePrompt(tokenizer, prompt);
  const ids = [...promptIds, ...tokenizer.encode(before)];
  return { id, prompt, promptIds, before, wrong, solution, ids, ...(truth !== undefined && { truth }) };
}

export interface Continuation {
  step: string;
  /** What is judged. */
  text: string;
}

/** Whether a continuation has come to the end of its first step; a character that is sampled in part tells nothing yet. */
const hasStep = ({ before, solution }: Pick<Begun, "before" | "solution">, more: string): boolean =>
  !more.endsWith("\ufffd") && nextStep(before, more, solution).ended;

/** Null where what is judged did not come to its end. */
export function continuation(
  { before, solution }: Pick<Begun, "before" | "solution">,
  more: string,
  ended: boolean,
  judged: StepPairsConfig["judged"],
): Continuation | null {
  const next = nextStep(before, more, solution);
  if (next.step.trim() === "" || !(ended || (judged === "step" && next.ended))) return null;
  return { step: next.step, text: `${before}${judged === "step" ? next.step.trimEnd() : more}` };
}

/** Null where none is right. */
export function firstRight(
  { prompt, before, wrong }: Pick<Begun, "prompt" | "before" | "wrong">,
  continuations: Continuation[],
  isRight: (one: Continuation, at: number) => boolean,
): StepPair | null {
  const right = continuations.find((one, at) => one.step.trim() !== wrong.trim() && isRight(one, at));
  return right ? stepPairOf(prompt, before, right.step, wrong) : null;
}
