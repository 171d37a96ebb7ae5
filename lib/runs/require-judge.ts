import "server-only";
import type { RunConfig } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { judgeOf } from "../../spec/methods/judge-of";
import { endpointNamed } from "../endpoints/endpoints";

/** Throws where a run is to be judged by an endpoint that is not there, at its field. */
export function requireJudge(config: RunConfig): void {
  const judged = judgeOf(config);
  if (!judged || judged.judge.endpoint === null) return;
  try {
    endpointNamed(judged.judge.endpoint);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = { path: `${judged.path}.endpoint`, message: error.message };
    throw new AppError(400, `${problem.path}: ${problem.message}`, { problems: [problem], cause: error });
  }
}
