// Scores of a dataset's records, by the reward model of a run or of a server: `workbench score`, which passes over what it has scored before.
import "server-only";
import { keyIn } from "../../common/env";
import { AppError } from "../../spec/errors";
import { methodOf } from "../../spec/methods/all";
import { requireAsker, requireKeyOwner } from "../access/servers-asked";
import type { Queue } from "../db/tables/queues";
import { requireAllowedModel } from "../runs/allowed";
import { requireRun } from "../runs/require-run";
import { claim, follow, printed, workLeft } from "./at-work";
import type { FillState } from "./fill-schema";
import type { RewardServerInput, ScoringInput } from "./scoring-schema";
import { weightsOf } from "./writers";

export function startScoring({ id, name }: Pick<Queue, "id" | "name">, { run, server }: ScoringInput): FillState {
  const [model, scorer] = server ? ofServer(server) : ofRun(run!);
  const state = claim(name);
  const about = { kind: "scoring", title: `Scores of ${name}`, href: `/datasets/${id}`, left: workLeft } as const;
  const key = server?.keyVariable ? { "key-variable": server.keyVariable } : {};
  follow(state, about, async (job) => void (await printed(["score", name, model, scorer], job, key)));
  return state;
}

/** What it was trained on, and its folder. */
function ofRun(run: string): [model: string, folder: string] {
  const { model, adapter } = weightsOf("run", `run:${run}`);
  if (methodOf(requireRun(run)).produces !== "reward-model")
    throw new AppError(400, `Run ${run} did not train a reward model; choose one that did.`);
  return [model, adapter!];
}

function ofServer({ address, model, keyVariable }: RewardServerInput): [model: string, address: string] {
  requireAsker("server.address");
  requireAllowedModel("server.model", model);
  if (keyVariable !== null) requireKey(keyVariable);
  return [model, address];
}

function requireKey(variable: string): void {
  const path = "server.keyVariable";
  requireKeyOwner(path);
  try {
    keyIn(variable);
  } catch (cause) {
    const { message } = cause as Error;
    throw new AppError(400, `${path}: ${message}`, { problems: [{ path, message }] });
  }
}
