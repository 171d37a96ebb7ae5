// TRL as an engine (spec/engines.ts): `node scripts/program.mjs trainers/trl/main.ts RUN_FOLDER ATTEMPT`. Writes the run as a script into `trl/` of its folder, runs that
// by Python, and reports what it logs and saves as the run's events. Exit status: 0 finished, 3 stopped and saved, 1 failed.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { trlPython } from "../../common/env";
import { explain } from "../../common/explain";
import { whenThereIsRoom } from "../../common/full-disk";
import { pythonWith } from "../../common/python-environment";
import { savedStatus } from "../../spec/engines";
import { attemptFile, attemptInput, eventsFile, stopFile } from "../../spec/events";
import { storedConfig } from "../../spec/stored-config";
import { launcherOf } from "../../spec/trl/distributed";
import { scripted } from "../../spec/trl/problems";
import { trlPackages } from "../../spec/trl/script";
import { observerOf, openEvents } from "../run/event-file";
import { inputHashes } from "../run/inputs";
import { newestWhole, publish, publishResult } from "./checkpoints";
import { exportTrl } from "./export";
import { runScript } from "./script";

const [folder, attemptText] = process.argv.slice(2);
if (!folder || !attemptText) throw new Error("usage: node scripts/program.mjs trainers/trl/main.ts RUN_FOLDER ATTEMPT");
const attempt = Number(attemptText);
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
const events = openEvents(join(folder, eventsFile(attempt)));
const observer = observerOf(events);
const script = join(folder, "trl");
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort());
const signs = setInterval(() => {
  events.touch();
  if (existsSync(join(folder, stopFile))) stop.abort();
}, 1000);

try {
  const config = scripted(storedConfig(read("run.json")));
  const { checkpoints, allowChanged } = attemptInput.parse(read(attemptFile(attempt)));
  const python =
    trlPython() ?? (await pythonWith("trl", trlPackages(config), (text) => observer.note(`${text} (6 GB in all)`)));
  const inputs = inputHashes(config);
  const from = newestWhole(checkpoints, inputs, allowChanged);
  const { rows, heldOut, steps, notes, parameters } = await exportTrl(config, script);
  observer.started({
    ...{ step: from?.step ?? 0, totalSteps: steps, trainRows: rows, heldOutRows: heldOut, parameters },
  });
  for (const note of notes) observer.note(note);
  const reached = await runScript(
    {
      ...{ python, launcher: launcherOf(config), processes: config.distributed.processes },
      ...{ script, from: from?.folder ?? null, signal: stop.signal },
      publish: (saved, step) => publish(saved, step, { folder, attempt, inputs }),
    },
    observer,
  );
  if (reached === steps) {
    whenThereIsRoom(() => publishResult(join(script, "output"), folder));
    for (const large of ["model", "output"]) rmSync(join(script, large), { recursive: true, force: true });
  }
  events.emit({ event: "finished", stopped: reached < steps });
  clearInterval(signs);
  process.exitCode = reached < steps ? savedStatus : 0;
} catch (error) {
  events.emit({ event: "failed", message: explain(error), stack: inspect(error) });
  process.exit(1);
}
