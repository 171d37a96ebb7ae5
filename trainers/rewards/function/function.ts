// A reward function in somebody's own file, called as TRL 1.16 calls one: prompts, completions and the other columns of the rows by name, a number or
// nothing for each completion back.
import { z } from "zod";
import type { Message, Text } from "../../../spec/chat";
import type { RewardFunction } from "../../../spec/fields/rewards";
import { columnsByName, type FunctionRun, ownFunction, type Purpose } from "../../programs/own-function";

export interface ForFunction {
  prompt: Text;
  completion: string | Message[];
  ids: number[];
  /** The other columns of the prompt's row: the same names for every row of a run. */
  columns: Record<string, unknown>;
}

const purpose: Purpose = {
  name: "reward",
  noun: "reward function",
  field: "function",
  of: "completions",
  gives: "rewards",
  each: "a number for each completion",
};

/** How a run's log tells of a batch that scores 0 since its function failed (lib/runs/run-log.ts). */
export const scoredNothing = "scored 0:";

/** A number for each completion, null where the function abstains. Where it fails the run ends with a sentence, or the batch scores 0. */
export function rewardFunction(given: RewardFunction, run: FunctionRun): (asked: ForFunction[]) => (number | null)[] {
  const call = ownFunction(given, purpose, run);
  return (asked) => {
    try {
      return call(batchOf(asked), asked.length).map((result, i) => rewardIn(result, i, asked.length));
    } catch (cause) {
      const failure = new Error(`the reward function ${given.file} ${(cause as Error).message}`, { cause });
      if (given.onFailure === "stop") throw failure;
      run.note(`${scoredNothing} ${failure.message}`);
      return asked.map(() => 0);
    }
  };
}

/** As TRL passes it, by name. */
const batchOf = (asked: ForFunction[]): Record<string, unknown[]> => ({
  ...columnsByName(asked),
  prompts: asked.map(({ prompt }) => prompt),
  completions: asked.map(({ completion }) => completion),
  completion_ids: asked.map(({ ids }) => ids),
});

/** A number, nothing, or what was given that is neither, in quotes. */
const reward = z.union([z.number(), z.null(), z.strictObject({ wrong: z.string() })]);

function rewardIn(result: unknown, i: number, count: number): number | null {
  const given = reward.parse(result);
  if (given !== null && typeof given === "object")
    throw new Error(`gave ${given.wrong} for completion ${i + 1} of ${count}; a finite number is expected, or none`);
  return given;
}
