// The start of an attempt: what the one before reported is read to its end, the folder is made ready, the engine started.
import { appendFileSync } from "node:fs";
import { inspect } from "node:util";
import { engines } from "../../spec/engines";
import { passes } from "../db/busy";
import { type Ended, type Started, startCommand } from "../jobs/spawn";
import { fenceOf, raiseFence } from "../runs/attempts";
import { folderOf } from "../runs/folder";
import type { Claim } from "./claim";
import { orSay } from "./retry";
import { prepareFolder } from "./run-folder";
import { readEvents } from "./tail";

/** The run's engine at work in its folder; where that cannot be, an end that says why. Throws where it can be tried again. */
export function startEngine(claim: Claim, log: string): Started | { child: null; ended: Promise<Ended> } {
  const { run, attempt } = claim;
  const own = { runId: run.id, attempt };
  const folder = folderOf(run);
  try {
    const before = fenceOf(run.id);
    if (before && before.attempt < attempt) readEvents(folder, { runId: run.id, attempt: before.attempt }, own);
    raiseFence(own);
    const { engine } = prepareFolder(claim);
    return startCommand(engines[engine]!.command, [folder, String(attempt)], { log, isRun: true });
  } catch (error) {
    if (passes(error)) throw error;
    orSay(() => appendFileSync(log, `${inspect(error)}\n`));
    const words = [error instanceof Error ? error.message : String(error)];
    return { child: null, ended: Promise.resolve({ code: 1, signal: null, words }) };
  }
}
