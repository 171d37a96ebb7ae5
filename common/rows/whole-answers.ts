// Rows of Step-DPO, whose answers go on from steps that both begin with, where answers are read whole.
import type { Text } from "../../spec/chat";
import { contentText } from "./messages";
import type { PreferenceRow } from "./row-content";

/** An answer with the steps before it in the same turn. */
export function afterSteps(steps: string, answer: Text): Text {
  if (typeof answer === "string") return `${steps}${answer}`;
  const [turn, ...rest] = answer;
  return [{ ...turn!, content: `${steps}${contentText(turn!.content)}` }, ...rest];
}

/** The same pair with the given steps in both answers. */
export function wholeAnswers<Row extends PreferenceRow>({ steps, ...pair }: Row): Omit<Row, "steps"> {
  if (steps === undefined) return pair;
  return { ...pair, chosen: afterSteps(steps, pair.chosen), rejected: afterSteps(steps, pair.rejected) };
}
