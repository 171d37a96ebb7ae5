// The synthetic tasks: a program scores an answer to a prompt of its own exactly, and knows no other prompts.
import type { Text } from "../../../spec/chat";
import type { GoldTask } from "../../../spec/fields/rewards";
import { arithmeticReward } from "./arithmetic";
import { reviewReward } from "./reviews";
import { sortingReward } from "./sorting";
import { stringReward } from "./strings";

const tasks: Record<GoldTask, (prompt: string, answer: string) => number | null> = {
  "film-reviews": reviewReward,
  arithmetic: arithmeticReward,
  strings: stringReward,
  sorting: sortingReward,
};

const asked = (prompt: Text) => (typeof prompt === "string" ? prompt : (prompt.at(-1)?.content ?? ""));

/** The oracle reward of an answer where the prompt is one of the task's, null elsewhere. */
export const taskReward = (task: GoldTask, prompt: Text, answer: string): number | null =>
  tasks[task](asked(prompt), answer);

/** The same by whichever task the prompt is of. */
export function goldRewardFor(prompt: Text, answer: string): number | null {
  for (const reward of Object.values(tasks)) {
    const score = reward(asked(prompt), answer);
    if (score !== null) return score;
  }
  return null;
}
