import "server-only";
import type { RunConfig } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { methodOf } from "../../spec/methods/all";
import { judgeOf } from "../../spec/methods/judge-of";
import { endpointNamed } from "../endpoints/endpoints";

/** Throws where a run is to be judged or graded by an endpoint that is not there, at its field. */
export function requireJudge(config: RunConfig): void {
  const judged = judgeOf(config);
  const grader = methodOf(config).scoredBy(config)?.reward.grader;
  const reward = judged?.path ?? `${methodOf(config).block}.reward`;
  if (judged?.judge.endpoint) requireEndpoint(judged.judge.endpoint, `${judged.path}.endpoint`);
  if (grader) requireEndpoint(grader.endpoint, `${reward}.grader.endpoint`);
}

function requireEndpoint(name: string, path: string): void {
  try {
    endpointNamed(name);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = { path, message: error.message };
    throw new AppError(400, `${problem.path}: ${problem.message}`, { problems: [problem], cause: error });
  }
}
