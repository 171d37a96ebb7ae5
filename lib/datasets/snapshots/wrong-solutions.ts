// Solutions that have a wrong step, as people decided it.
import { stepsOf } from "../../../common/steps";
import { AppError } from "../../../spec/errors";
import type { WrongSolution } from "../../../spec/reports";
import { asksSteps } from "../../annotation/items/asks-single";
import { decidedItems } from "../../annotation/judging/standing-votes";

export function wrongSolutions(queueId: number): WrongSolution[] {
  if (!asksSteps(queueId))
    throw new AppError(400, "It does not ask for the first wrong step of solutions; choose a dataset that does.");
  return [...decidedItems(queueId)].flatMap(({ item: { id, prompt, first: solution }, balance, wrongStep }) =>
    balance < 0 && wrongStep !== null && wrongStep > 0 && wrongStep <= stepsOf(solution).length
      ? [{ id, prompt, solution, wrongStep }]
      : [],
  );
}
