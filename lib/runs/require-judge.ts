import "server-only";
import type { RunConfig } from "../../spec/config";
import { AppError } from "../../spec/errors";
import { endpointNamed } from "../endpoints/endpoints";

/** Throws where a run is to be judged by an endpoint that is not there, at its field. */
export function requireJudge(config: RunConfig): void {
  const endpoint = config.method === "iterative-dpo" ? config.iterativeDpo.judge.endpoint : null;
  if (endpoint === null) return;
  try {
    endpointNamed(endpoint);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = { path: "iterativeDpo.judge.endpoint", message: error.message };
    throw new AppError(400, `${problem.path}: ${problem.message}`, { problems: [problem], cause: error });
  }
}
