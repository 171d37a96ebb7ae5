// What an engine finds in a run's folder when it starts: the run with every input as a file, and what earlier attempts left behind.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptPlan } from "../../common/kept-plan";
import type { RunConfig } from "../../spec/config";
import { type AttemptInput, attemptFile, eventsFile, jsonLine, stopFile } from "../../spec/events";
import { storedConfig } from "../../spec/stored-config";
import { withDataFiles } from "../datasets/data-files";
import { rowsOf } from "../history/metric-rows";
import { checkpointsOf } from "../runs/attempts";
import { folderOf } from "../runs/folder";
import type { Claim } from "./claim";

/** Throws, with what to do, where the run's row cannot be read or its data are gone. */
export function prepareFolder({ run, attempt }: Claim): RunConfig {
  const folder = folderOf(run);
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, stopFile), { force: true });
  rmSync(join(folder, eventsFile(attempt)), { force: true }); // there only if a backup from before that attempt was restored
  const config = { ...withDataFiles(storedConfig(run.config)), output: folder, ...(attempt > 1 && keptPlan(folder)) };
  writeFileSync(join(folder, "run.json"), `${JSON.stringify(config, null, 2)}\n`);
  const checkpoints = checkpointsOf(run.id).map(({ step, folder, manifestHash }) => ({ step, folder, manifestHash }));
  const input: AttemptInput = {
    checkpoints,
    allowChanged: run.requested === "resume-changed",
    history: checkpoints.length > 0 ? writeHistory(run.id, folder) : null,
  };
  writeFileSync(join(folder, attemptFile(attempt)), `${JSON.stringify(input, null, 2)}\n`);
  return config;
}

/** The metrics of all earlier attempts, with the name of the file that they are in. */
function writeHistory(runId: string, folder: string): string {
  const name = "history.ndjson";
  const path = join(folder, name);
  writeFileSync(path, "");
  let lines = "";
  for (const row of rowsOf(runId)) {
    lines += jsonLine(row);
    if (lines.length < 1 << 20) continue;
    appendFileSync(path, lines);
    lines = "";
  }
  appendFileSync(path, lines);
  return name;
}
