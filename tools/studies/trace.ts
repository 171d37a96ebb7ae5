// Runs of a study, each a process of its own with one thread, as many side by side as there are cores: small models leave threads idle.
// What a run measured is kept under the hash of its config and of the program, so that a study that was stopped goes on where it was.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { dataFolder } from "../../common/env";
import type { MetricRow } from "../../spec/metrics/catalogue";

const folder = join(dataFolder(), "studies");
mkdirSync(folder, { recursive: true });

const hashOf = (...parts: string[]) => createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);

/** All that a run's numbers can depend on beside its config: the sources that a trainer is made of. */
const sources = ["common", "spec", "trainers"].flatMap((top) =>
  readdirSync(top, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .map((path) => join(top, path))
    .sort(),
);
const program = hashOf(...sources.map((path) => readFileSync(path, "utf8")));

/** A file of these rows, the same for the same rows. */
export function rowsFile(rows: string[]): string {
  const path = join(folder, `rows-${hashOf(...rows)}.jsonl`);
  if (!existsSync(path)) writeFileSync(path, rows.join("\n"));
  return path;
}

export interface Trace {
  /** Every logged line. */
  rows: MetricRow[];
  /** What the run left behind. */
  output: string;
  /** The most that its process ever had in memory (VmHWM), in bytes. */
  peak: number;
}

/** Trains `tiny`, or the model that is named, unless that has been done; with one thread, or with one a core. */
export async function trace(config: object, threads: "one" | "all" = "one"): Promise<Trace> {
  const described = { model: { source: "tiny" }, ...config };
  const own = join(folder, hashOf(program, JSON.stringify(described), threads));
  const [output, log] = [join(own, "run"), join(own, "metrics.ndjson")];
  if (!existsSync(log)) {
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own);
    const file = join(own, "run.json");
    writeFileSync(file, JSON.stringify({ ...described, output }));
    const { lines, peak } = await trained(file, threads);
    writeFileSync(join(own, "peak"), String(peak));
    writeFileSync(`${log}.tmp`, lines);
    renameSync(`${log}.tmp`, log);
    rmSync(join(output, "checkpoints"), { recursive: true, force: true });
  }
  const lines = readFileSync(log, "utf8").trim().split("\n");
  const peak = Number(readFileSync(join(own, "peak"), "utf8"));
  return { rows: lines.map((line) => JSON.parse(line) as MetricRow), output, peak };
}

const oneThread = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1", OMP_NUM_THREADS: "1" };

async function trained(file: string, threads: "one" | "all"): Promise<{ lines: string; peak: number }> {
  const child = spawn(process.execPath, [...process.execArgv, "trainers/cli.ts", "train", file], {
    env: { ...process.env, ...(threads === "one" && oneThread) },
  });
  let peak = 0;
  const watch = setInterval(() => (peak = peakOf(child.pid!) ?? peak), 100);
  const [lines, errors, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  clearInterval(watch);
  if (status !== 0) throw new Error(`a run of the study failed: ${errors.slice(-2000)}`);
  return { lines, peak };
}

/** Null once the process has ended. */
function peakOf(pid: number): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes ? 1024 * Number(kilobytes) : null;
  } catch {
    return null;
  }
}

/** Does `work` on every item, a core each, and keeps their order. */
export async function sideBySide<Item, Result>(
  items: Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
