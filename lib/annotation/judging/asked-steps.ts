// Solutions whose first wrong step is asked for.
import { stepsOf } from "../../../common/steps";
import type { Item } from "../../db/tables/items";
import { translatedError } from "../../messages/translated-error";
import { isSingle } from "../items/single-answers";
import type { Choice } from "./judging-schema";
import { queueRow } from "./queue-row";

/** Null where the record's dataset asks something else. */
export const stepsAsked = ({ queueId, first }: Pick<Item, "queueId" | "first">): string[] | null =>
  queueRow(queueId)?.mode === "steps" ? stepsOf(first) : null;

/** Throws where a vote answers what its dataset does not ask: how good a solution is, or which step of an answer is wrong. */
export function requireAnswer(choice: Choice, item: Item): void {
  if (!isSingle(item) || choice.kind === "skip" || choice.kind === "flag") return;
  const steps = stepsAsked(item);
  if (steps === null && choice.kind === "step")
    throw translatedError(422, "error.sayGoodOrBad", {}, { refused: "vote" });
  if (steps !== null && (choice.kind !== "step" || choice.step > steps.length))
    throw translatedError(422, "error.sayWrongStep", { steps: steps.length }, { refused: "vote" });
}

/**
 * The step that the record is labelled with, by what was said of it: of equally many votes the earliest, since what follows a wrong step says
 * nothing. `balance` is above 0 where most say that every step is right. Null where nobody was asked.
 */
export function wrongStepOf(balance: number, said: (number | null)[]): number | null {
  const steps = said.filter((step) => step !== null);
  if (steps.length === 0) return null;
  if (balance > 0) return 0;
  const votes = (step: number) => steps.filter((one) => one === step).length;
  const named = steps.filter((step) => step > 0).toSorted((a, b) => votes(b) - votes(a) || a - b);
  return named[0] ?? null;
}
