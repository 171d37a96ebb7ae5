// A script of TRL at work: its log followed line by line, its checkpoints published as they are saved.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { firstGpus } from "../../common/env";
import { whenThereIsRoom } from "../../common/full-disk";
import { stopFile } from "../../spec/events";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { renamed } from "../../spec/metrics/trl-names";
import type { Observer } from "../run/observer";
import { reason } from "./reason";

interface Job {
  python: string;
  /** Words between Python and the script that start its processes; none where there is one. */
  launcher: string[];
  processes: number;
  /** The folder of train.py. */
  script: string;
  /** A checkpoint to go on from. */
  from: string | null;
  /** Asks it to save and end. */
  signal: AbortSignal;
  /** Makes a checkpoint of the run of what it has saved. */
  publish: (saved: string, step: number) => { folder: string; manifestHash: string };
}

const line = z.object({
  step: z.int(),
  values: z.record(z.string(), z.unknown()).optional(),
  saved: z.string().optional(),
});

const lookMs = 200;
/** Of what Python says last, where it fails: what starts several processes says much after the one that failed. */
const lastLines = 200;

/** Runs it to its end, or until it is asked to stop, and returns the step that it has reached. Throws what Python said last where it fails. */
export async function runScript(job: Job, observer: Observer): Promise<number> {
  const { script, signal, publish } = job;
  const [log, stop] = [join(script, "log.ndjson"), join(script, stopFile)];
  for (const left of [log, stop]) rmSync(left, { force: true });
  const [command, ...words] = commandOf(job);
  const child = spawn(command!, words, {
    stdio: ["ignore", "ignore", "pipe"],
    env: environmentOf(job),
    detached: true, // Ctrl-C in a terminal asks this process, which asks for the step in hand to be saved
  });
  const ask = () => writeFileSync(stop, "");
  if (signal.aborted) ask();
  signal.addEventListener("abort", ask);
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (text) => {
    process.stderr.write(`${text}\n`);
    said.push(text);
    if (said.length > lastLines) said.shift();
  });
  const report = createReport(observer, publish);
  const follow = followed(log, report.hear);
  let trouble: unknown = null;
  const timer = setInterval(() => {
    try {
      follow();
    } catch (error) {
      trouble ??= error;
      child.kill("SIGKILL");
    }
  }, lookMs);
  const [status, killedBy] = (await once(child, "close")) as [number | null, string | null];
  clearInterval(timer);
  if (trouble) throw trouble;
  follow();
  report.end();
  if (status !== 0)
    throw new Error(`TRL ended with ${killedBy ?? `status ${status}`}: ${reason(said) || "it said nothing"}`);
  return report.step();
}

/** Python, and each process that it starts, ends with the process that started it. */
function commandOf({ python, launcher, script, from }: Job): string[] {
  const bound = ["setpriv", "--pdeathsig", "KILL", python];
  const words = [join(script, "train.py"), ...(from ? [from] : [])];
  return launcher.length === 0 ? [...bound, ...words] : [...bound, ...launcher, "--no-python", ...bound, ...words];
}

/** A GPU for each process: on several the Trainer would take as many rows a step for each. No bars between the lines of the log. */
const environmentOf = ({ processes }: Job): NodeJS.ProcessEnv => ({
  ...(processes > 1 && { OMP_NUM_THREADS: String(Math.max(1, Math.floor(availableParallelism() / processes))) }),
  ...process.env,
  CUDA_VISIBLE_DEVICES: firstGpus(processes),
  TQDM_DISABLE: "1",
});

/** Reads what has been added to a file of lines each time it is called. */
function followed(path: string, hear: (text: string) => void): () => void {
  const piece = Buffer.alloc(1 << 16);
  let [read, rest] = [0, ""];
  return () => {
    if (!existsSync(path)) return;
    const file = openSync(path, "r");
    for (let count = 1; count > 0; read += count) {
      count = readSync(file, piece, 0, piece.length, read);
      rest += piece.toString("latin1", 0, count); // json.dumps writes ASCII
    }
    closeSync(file);
    const lines = rest.split("\n");
    rest = lines.pop()!;
    for (const one of lines) hear(one);
  };
}

/** TRL logs what a step measured and what held-out rows did after it one after the other: a step's row is reported once another step is logged. */
function createReport(observer: Observer, publish: Job["publish"]) {
  let row: MetricRow | null = null;
  let step = 0;
  const end = () => {
    if (row) observer.metrics(row);
    row = null;
  };
  const hear = (text: string) => {
    const read = line.parse(JSON.parse(text.replace(/(?<=: )(NaN|-?Infinity)\b/g, '"$1"')));
    step = Math.max(step, read.step);
    if (read.values && !("train_runtime" in read.values)) {
      if (row?.step !== read.step) end();
      row = { ...row, ...numbers(read.values), step: read.step };
    }
    if (read.saved) {
      end(); // metrics of a step are known before its checkpoint is
      const { folder, manifestHash } = whenThereIsRoom(() => publish(read.saved!, read.step));
      observer.checkpoint(read.step, folder, manifestHash);
    }
  };
  return { hear, end, step: () => step };
}

function numbers(values: Record<string, unknown>): Record<string, number> {
  const names = new Set(Object.keys(values));
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const number = typeof value === "string" ? Number(value) : value;
      return typeof number === "number" ? [[renamed(names, name), number]] : [];
    }),
  );
}
