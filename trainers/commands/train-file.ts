// A run on the command line: its output folder gets metrics.ndjson and, as every run's, events.
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { checkpointsIn, keepNewest, type Saved } from "../../common/checkpoints";
import { print, Refusal, say } from "../../common/command-line";
import { readRunConfig } from "../../common/config-file";
import { explain } from "../../common/explain";
import { appendWhole, whenThereIsRoom } from "../../common/full-disk";
import { alertWords } from "../../spec/alerts";
import type { RunConfig } from "../../spec/config";
import { eventsFile, jsonLine } from "../../spec/events";
import { changedFields, clearAttempts, loggedUpTo } from "../run/earlier-attempts";
import { observerOf, openEvents } from "../run/event-file";
import type { Observer } from "../run/observer";

export interface TrainOptions {
  tokens?: string;
  resume?: true;
  allowChanged?: true;
  startOver?: true;
  /** The name to list the run under: lib/commands/with-database.ts does that. */
  record?: string;
}

export async function trainFile(path: string, options: TrainOptions): Promise<void> {
  const config = readRunConfig(path);
  if (config.engine !== "workbench")
    throw new Refusal(`the engine ${config.engine} trains what is launched in the workbench, not on the command line`);
  if (config.machine !== null)
    throw new Refusal(
      `this command trains here, and the run file says machine ${config.machine}: leave it out, or launch the run in the workbench`,
    );
  if (options.record !== undefined)
    throw new Refusal("--record needs the database: use npm run workbench -- train, which opens it");
  const saved = earlierAttempts(config, options);
  const { run } = await import("../run/train"); // once nothing is refused any more: TensorFlow takes a second to load
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort()); // a terminal sends Ctrl-C to us and to who started us, who passes it on
  const log = logOf(config);
  const attempt = 1 + Math.max(0, ...saved.map((one) => one.attempt));
  whenThereIsRoom(() => mkdirSync(config.output, { recursive: true }));
  const events = openEvents(join(config.output, eventsFile(attempt)));
  const work = run(config, {
    signal: stop.signal,
    ...(options.tokens && { tokensFile: options.tokens }),
    resume: saved,
    attempt,
    allowChanged: options.allowChanged === true,
    history: () => loggedUpTo(log, Number.POSITIVE_INFINITY), // cut to where this attempt begins by then
    observer: observer(config, saved.length > 0, observerOf(events)),
  });
  const finished = await work.catch((error: unknown) => {
    events.emit({ event: "failed", message: explain(error), stack: inspect(error) });
    throw error;
  });
  events.emit({ event: "finished", stopped: !finished });
  say(
    finished
      ? `finished; the result is in ${config.output}`
      : "stopped; the last step is saved, and the same command with --resume goes on from it",
  );
}

/** The checkpoints to go on from, newest first. Refuses where nobody said what is to become of those that are there. */
function earlierAttempts(config: RunConfig, { resume, allowChanged, startOver }: TrainOptions): Saved[] {
  if (resume && startOver) throw new Refusal("--resume goes on and --start-over begins anew: give one of them");
  const { output } = config;
  const saved = checkpointsIn(output);
  const [last] = saved;
  if (!last) {
    if (resume) throw new Refusal(`there is nothing to resume: ${output} holds no checkpoint`);
    return [];
  }
  if (startOver) {
    clearAttempts(output);
    return [];
  }
  if (!resume)
    throw new Refusal(
      `${output} holds a run up to step ${last.step} (${last.folder}). Go on from there with --resume, give it up with --start-over, or name another output folder`,
    );
  const changes = changedFields(config);
  if (changes.length > 0 && !allowChanged)
    throw new Refusal(
      `the run file is not the one that ${output} was trained with: ${changes.join("; ")}. Change it back, or go on all the same with --allow-changed`,
    );
  for (const change of changes) say(`goes on although ${change}`);
  return saved;
}

const logOf = ({ output }: RunConfig) => join(output, "metrics.ndjson");

/** Metrics to standard output and into the log, everything else in words to standard error; all of it as events. */
function observer(config: RunConfig, resumed: boolean, events: Observer): Observer {
  let log: number; // opened once it is known from which step on it is written
  return {
    note(text) {
      events.note(text);
      say(text);
    },
    started(info) {
      events.started(info);
      const path = logOf(config);
      const kept = resumed ? [...loggedUpTo(path, info.step)] : []; // read before the file is written anew
      log = whenThereIsRoom(() => openSync(path, "w"));
      appendWhole(log, Buffer.from(kept.map(jsonLine).join("")));
      say(
        `${info.totalSteps} steps over ${info.trainRows} rows (${info.heldOutRows} held out), ${info.parameters.toLocaleString("en")} trained parameters`,
      );
    },
    metrics(row) {
      events.metrics(row);
      process.stdout.write(jsonLine(row));
      appendWhole(log, Buffer.from(jsonLine(row)));
    },
    answers(step, answers) {
      events.answers(step, answers);
      say(`step ${step}: ${JSON.stringify(answers[0]?.answer)}`);
    },
    alert(alert) {
      events.alert(alert);
      say(alertWords(alert));
    },
    waiting(asked) {
      events.waiting(asked);
      print({ event: "waiting", ...asked }); // who answers reads the request there
    },
    histogram: events.histogram,
    rollouts: events.rollouts,
    checked(check) {
      events.checked(check);
      say(`✓ ${check.detail}`);
    },
    checkpoint(step, folder, manifestHash) {
      events.checkpoint(step, folder, manifestHash);
      say(`saved step ${step} in ${folder}`);
      keepNewest(config.output, config.saveTotalLimit);
    },
  };
}
