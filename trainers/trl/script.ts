// A script of TRL at work: its log followed line by line, its checkpoints published as they are saved.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { stopFile } from "../../spec/events";
import type { MetricRow } from "../../spec/metrics/catalogue";
import type { Observer } from "../run/observer";
import { publish } from "./checkpoints";

interface Job {
  python: string;
  /** The folder of train.py. */
  script: string;
  /** The run's. */
  folder: string;
  attempt: number;
  /** A checkpoint to go on from. */
  from: string | null;
}

const line = z.object({
  step: z.int(),
  values: z.record(z.string(), z.unknown()).optional(),
  saved: z.string().optional(),
});
type Line = z.infer<typeof line>;

const lookMs = 200;
/** Of what Python says last, where it fails. */
const lastLines = 20;

/** Runs it to its end, or until it is asked to stop, and returns the step that it has reached. Throws what Python said last where it fails. */
export async function runScript({ python, script, folder, attempt, from }: Job, observer: Observer): Promise<number> {
  const log = join(script, "log.ndjson");
  for (const left of [log, join(script, stopFile)]) rmSync(left, { force: true });
  const words = [python, join(script, "train.py"), ...(from ? [from] : [])];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...words], {
    // it ends with us
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, TQDM_DISABLE: "1" },
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (text) => {
    process.stderr.write(`${text}\n`);
    said.push(text);
    if (said.length > lastLines) said.shift();
  });
  const report = createReport(observer, (saved, step) => publish(saved, folder, step, attempt));
  const follow = followed(log, report.hear);
  const timer = setInterval(follow, lookMs);
  const [status, signal] = (await once(child, "close")) as [number | null, string | null];
  clearInterval(timer);
  follow();
  report.end();
  if (status !== 0)
    throw new Error(`TRL ended with ${signal ?? `status ${status}`}: ${reason(said) || "it said nothing"}`);
  return report.step();
}

/** The line that names Python's exception, or else the last. */
const reason = (said: string[]) =>
  said.findLast((text) => /^[\w.]+(Error|Exception|Interrupt)\b/.test(text)) ?? said.at(-1);

/** Reads what has been added to a file of lines each time it is called. */
function followed(path: string, hear: (text: string) => void): () => void {
  let read = 0;
  return () => {
    const text = existsSync(path) ? readFileSync(path, "utf8").slice(read) : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    read += whole.length;
    for (const one of whole.split("\n").filter(Boolean)) hear(one);
  };
}

/** TRL logs what a step measured and what held-out rows did after it one after the other: a step's row is reported once another step is logged. */
function createReport(
  observer: Observer,
  published: (saved: string, step: number) => { folder: string; manifestHash: string },
) {
  let row: MetricRow | null = null;
  let step = 0;
  const end = () => {
    if (row) observer.metrics(row);
    row = null;
  };
  const hear = (text: string) => {
    const read: Line = line.parse(JSON.parse(text.replace(/(?<=: )(NaN|-?Infinity)\b/g, '"$1"')));
    step = Math.max(step, read.step);
    if (read.values && !("train_runtime" in read.values)) {
      if (row?.step !== read.step) end();
      row = { ...row, ...numbers(read.values), step: read.step };
    }
    if (read.saved) {
      end(); // metrics of a step are known before its checkpoint is
      const { folder, manifestHash } = published(read.saved, read.step);
      observer.checkpoint(read.step, folder, manifestHash);
    }
  };
  return { hear, end, step: () => step };
}

const numbers = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const number = typeof value === "string" ? Number(value) : value;
      return typeof number === "number" ? [[name, number]] : [];
    }),
  );
