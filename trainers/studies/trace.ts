// Runs of a study, each a process of its own with one thread, as many side by side as there are cores: small models leave threads idle.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { MetricRow } from "../metrics";

const folder = mkdtempSync(join(tmpdir(), "workbench-study-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** A new path in the study's folder. */
export const fresh = (name: string) => join(folder, `${files++}-${name}`);

export function rowsFile(rows: string[]): string {
  const path = fresh("rows.jsonl");
  writeFileSync(path, rows.join("\n"));
  return path;
}

/** Trains `tiny` and returns every logged line. */
export async function trace(config: object, output = fresh("run")): Promise<MetricRow[]> {
  const file = fresh("run.json");
  writeFileSync(file, JSON.stringify({ model: { source: "tiny" }, ...config, output }));
  const threads = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1", OMP_NUM_THREADS: "1" };
  const child = spawn(process.execPath, [...process.execArgv, "trainers/cli.ts", "train", file], {
    env: { ...process.env, ...threads },
  });
  const [lines, errors, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  if (status !== 0) throw new Error(`a run of the study failed: ${errors.slice(-2000)}`);
  return lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as MetricRow);
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
