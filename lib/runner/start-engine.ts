// The start of an attempt: what the one before reported is read to its end, the folder is made ready, the engine started.
import { appendFileSync } from "node:fs";
import { inspect } from "node:util";
import { engines } from "../../spec/engines";
import { passes } from "../db/busy";
import { startCommand } from "../jobs/spawn";
import { machineNamed } from "../machines/machines";
import { want } from "../machines/wanted-job";
import { fenceOf, raiseFence } from "../runs/attempts";
import { folderOf } from "../runs/folder";
import { type Claim, recordJob } from "./claim";
import { followJob } from "./follow-job";
import { eventually, orSay } from "./retry";
import { prepareFolder } from "./run-folder";
import { readEvents } from "./tail";
import { childAtWork, notAtWork, type Working } from "./working";

/** The run's engine at work in its folder; where that cannot be, an end that says why. `note` gets what another machine says of its job; `processors` are those of this machine that it may use, null for all. Throws where it can be tried again. */
export function startEngine(
  claim: Claim,
  { log, note, processors }: { log: string; note: (text: string) => void; processors: string | null },
): Working {
  const { run, attempt, owner, job } = claim;
  const own = { runId: run.id, attempt };
  const folder = folderOf(run);
  const atMachine = (name: string) => {
    const submitted = (id: string) => void eventually(() => recordJob({ ...own, owner }, id));
    return followJob(folder, own, { machine: machineNamed(name), job, told: { submitted, note } });
  };
  try {
    if (job !== null) return atMachine(run.config.machine!);
    const before = fenceOf(run.id);
    if (before && before.attempt < attempt) readEvents(folder, { runId: run.id, attempt: before.attempt }, own);
    raiseFence(own);
    const { engine, machine } = prepareFolder(claim);
    if (machine !== null) return atMachine(machine);
    return childAtWork(
      startCommand(engines[engine]!.command, [folder, String(attempt)], { log, isRun: true, processors }),
    );
  } catch (error) {
    if (passes(error)) throw error;
    orSay(() => appendFileSync(log, `${inspect(error)}\n`));
    if (job !== null) orSay(() => want(folder, attempt, null)); // nobody follows it
    return notAtWork(error instanceof Error ? error.message : String(error));
  }
}
