// The logs of the web process and the runner: JSON lines under logs/ in the data folder, with levels and stack traces. Warnings and errors are
// a line on the terminal as well. Trainers write to their attempt's log in the run's folder.
import { join } from "node:path";
import pino, { type Logger } from "pino";
import { debugging, logFolder, logLevel } from "../../common/env";
import { rotatingFile } from "./rotating-file";

const size = { bytes: 5_000_000, kept: 5 };

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { log?: Logger };

/** Where nobody has started one, as in tests and on the command line, the terminal's part of it. */
export function log(): Logger {
  shared.log ??= pino({ level: "warn" }, terminal);
  return shared.log;
}

/** From now on this process logs to a file of that name. */
export function startLog(name: "web" | "runner"): void {
  const file = rotatingFile(join(logFolder(), `${name}.log`), size);
  const level = logLevel();
  const known = [...Object.keys(pino.levels.values), "silent"].includes(level) ? level : "info";
  const streams = pino.multistream([
    { level: "trace", stream: file },
    { level: "warn", stream: terminal },
  ]);
  shared.log = pino({ level: known }, streams);
  if (known !== level) shared.log.warn(`LOG_LEVEL is ${level}, which is no level; info is used`);
}

/** One line for a person; with DEBUG the stack too. */
const terminal = {
  write(text: string): void {
    const { level, msg, err } = JSON.parse(text) as { level: number; msg: string; err?: pino.SerializedError };
    const cause = err ? `: ${debugging() ? err.stack : err.message}` : "";
    process.stderr.write(`${pino.levels.labels[level]}: ${msg}${cause}\n`);
  },
};
