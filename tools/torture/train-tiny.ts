// Runs of the command line on `tiny`, as short as they can be.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The shortest run with two checkpoints and few tensors; `changes` are other fields of the run file. */
export function writeRunFile(folder: string, changes: object = {}): { file: string; output: string } {
  mkdirSync(folder, { recursive: true });
  const [file, output] = [join(folder, "run.json"), join(folder, "out")];
  const run = {
    method: "dpo",
    model: { source: "tiny" },
    adapter: { rank: 4, alpha: 8, targets: ["q_proj"] },
    data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 32 },
    batchSize: 2,
    maxSteps: 2,
    saveEvery: 1,
    optimizer: { learningRate: 1e-3 },
    output,
    ...changes,
  };
  writeFileSync(file, JSON.stringify(run));
  return { file, output };
}

/** `workbench train`, in a process of its own; `preload` are modules that change how it fares. */
export function train(file: string, words: string[] = [], preload: string[] = [], env: Record<string, string> = {}) {
  const imports = ["tsx", ...preload].flatMap((module) => ["--import", module]);
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    [...imports, "trainers/cli.ts", "train", file, ...words],
    { encoding: "utf8", env: { ...process.env, ...env } },
  );
  return { status, signal, stderr };
}

/** The adapter's bytes, and what was logged of each step but for what a clock or the machine measures. */
export function resultOf(output: string): { adapter: string; curve: unknown[] } {
  const [adapter, log] = [join(output, "adapter_model.safetensors"), join(output, "metrics.ndjson")];
  const lines = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  const curve = lines.map((line) => {
    const { seconds, elapsed, tokens_per_second, rollout_seconds, memory, ...row } = JSON.parse(line);
    return row as unknown;
  });
  return { adapter: existsSync(adapter) ? readFileSync(adapter).toString("base64") : "", curve };
}
