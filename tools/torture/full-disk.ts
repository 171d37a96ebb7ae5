// A trainer whose disk is full at each moment at which it writes something of its run, and has room again a little later.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Experiment, Outcome, Setting } from "./experiment";
import { resultOf, spread, train, writeRunFile } from "./train-tiny";

export const fullDisk: Experiment = {
  name: "full-disk",
  fault:
    "the disk of a trainer full at every open, write (before it and halfway) and mkdir in its run's folder, for a while",
  demand: "the run waits, goes on and ends with the same bits; every event whole and once",
  size: 300,
  unit: "moments",
  run,
};

async function run({ size, folder, signal, say }: Setting): Promise<Outcome> {
  const undisturbed = await fullAt(folder, Number.MAX_SAFE_INTEGER);
  if (undisturbed.status !== 0) throw new Error(`the undisturbed run fails:\n${undisturbed.stderr}`);
  const [expected, events, { moments }] = [resultOf(undisturbed.output), eventsOf(undisturbed.output), undisturbed];
  const failures: string[] = [];
  let ran = 0;
  for (const at of spread(size, moments.length)) {
    if (signal.aborted) break;
    const { output, status, stderr } = await fullAt(folder, at);
    const where = `${at}: ${moments[at - 1]!.replace(/\/tmp\S*run\/out/, "out")}`;
    if (status !== 0) failures.push(`${where}: the run ends with ${status}: ${stderr.trim().split("\n").at(-1)}`);
    else if (!isDeepStrictEqual(resultOf(output), expected)) failures.push(`${where}: adapter or curve differ`);
    else if (!isDeepStrictEqual(eventsOf(output), events)) failures.push(`${where}: its events are others`);
    ran++;
    say(`${where}; ${failures.length} failures`);
  }
  return { ran, seen: {}, most: { "moments in the run": moments.length }, failures };
}

/** A new run whose disk is full from a moment on for a while. */
async function fullAt(folder: string, at: number) {
  const own = join(folder, "run");
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const { file, output } = writeRunFile(own);
  const log = join(own, "moments.log");
  const env = { FAULT: "full", FAULT_AT: String(at), FAULT_BELOW: output, FAULT_LOG: log };
  const ended = await train(file, [], ["./tools/torture/fault-at.ts"], env);
  return { output, moments: readFileSync(log, "utf8").trim().split("\n"), ...ended };
}

/** The names of its events in their order; a line that is none throws. */
const eventsOf = (output: string): string[] =>
  readFileSync(join(output, "events-1.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { event: string }).event);
