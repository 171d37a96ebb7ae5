// The trainers as an engine (spec/engines.ts): `node scripts/program.mjs trainers/run/main.ts RUN_FOLDER ATTEMPT`. Reads run.json and the attempt's file there, trains,
// appends what happens to the attempt's events. Exit status: 0 finished, 3 stopped and saved, 1 failed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { dataFolder } from "../../common/env";
import { explain } from "../../common/explain";
import { attemptFile, attemptInput, eventsFile, stopFile } from "../../spec/events";
import { storedConfig } from "../../spec/stored-config";
import { onSignOfLife, signOfLife } from "../engine/sign-of-life";
import { loggedUpTo } from "./earlier-attempts";
import { observerOf, openEvents } from "./event-file";

const [folder, attemptText] = process.argv.slice(2);
if (!folder || !attemptText) throw new Error("usage: node scripts/program.mjs trainers/run/main.ts RUN_FOLDER ATTEMPT");
const attempt = Number(attemptText);
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort());
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));

const events = openEvents(join(folder, eventsFile(attempt)));
onSignOfLife(() => {
  events.touch();
  if (existsSync(join(folder, stopFile))) stop.abort();
});
setInterval(signOfLife, 1000).unref();

try {
  const config = storedConfig(read("run.json"));
  const { checkpoints, allowChanged, history } = attemptInput.parse(read(attemptFile(attempt)));
  const { run } = await import("./train"); // here, so that a missing backend is an error like any other
  const { scoreFiles } = await import("../inference/score-files");
  const observer = observerOf(events);
  let begins = 0;
  const finished = await run(config, {
    signal: stop.signal,
    attempt,
    allowChanged,
    resume: checkpoints,
    history: () => (history === null ? [] : loggedUpTo(join(folder, history), begins)),
    scoreCache: scoreFiles(join(dataFolder(), "reference-scores")),
    observer: {
      ...observer,
      started(info) {
        begins = info.step;
        observer.started(info);
      },
    },
  });
  events.emit({ event: "finished", stopped: !finished });
  process.exit(finished ? 0 : 3);
} catch (error) {
  const [message, stack] = [explain(error), inspect(error)];
  try {
    events.emit({ event: "failed", message, stack });
  } catch {
    process.stderr.write(`${stack}\nError: ${message}\n`); // a full disk, mostly; what ends with such a line is the reason
  }
  process.exit(1);
}
