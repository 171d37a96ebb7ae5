// Solutions that have a wrong step, as people decided it.
import { stepsOf } from "../../../common/steps";
import { AppError } from "../../../spec/errors";
import type { WrongSolution } from "../../../spec/reports";
import { asksSteps } from "../../annotation/items/asks-single";
import { decidedItems } from "../../annotation/judging/standing-votes";
import type { Queue } from "../../db/tables/queues";

export const wrongSolutions = (queueId: number): WrongSolution[] => [...eachWrong(queueId)];

/** Throws where there is none. */
export function requireWrongSolution({ id, name }: Pick<Queue, "id" | "name">): void {
  if (eachWrong(id).next().done)
    throw new AppError(400, `${name} has no solution with a wrong step yet; annotate some first.`);
}

function* eachWrong(queueId: number): Generator<WrongSolution> {
  if (!asksSteps(queueId))
    throw new AppError(400, "It does not ask for the first wrong step of solutions; choose a dataset that does.");
  for (const { item, balance, wrongStep } of decidedItems(queueId)) {
    const { id, prompt, first: solution } = item;
    if (balance < 0 && wrongStep !== null && wrongStep > 0 && wrongStep <= stepsOf(solution).length)
      yield { id, prompt, solution, wrongStep };
  }
}
