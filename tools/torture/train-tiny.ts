// Runs of the command line on `tiny`, as short as they can be.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fewReviews } from "../../test/few-reviews";

/** The shortest run with two checkpoints and few tensors; `changes` are other fields of the run file. */
export function writeRunFile(folder: string, changes: object = {}): { file: string; output: string } {
  mkdirSync(folder, { recursive: true });
  const [file, output] = [join(folder, "run.json"), join(folder, "out")];
  const run = {
    method: "dpo",
    model: { source: "tiny" },
    adapter: { rank: 4, alpha: 8, targets: ["q_proj"] },
    data: { train: fewReviews(128, folder), maxLength: 32 },
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

/** As many of the moments 1 to `count` as asked for, evenly spread. */
export function spread(size: number, count: number): number[] {
  const most = Math.min(size, count);
  return Array.from({ length: most }, (_, i) => 1 + Math.floor(((i + 0.5) * count) / most));
}

/** `workbench train`, in a process of its own; `preload` are modules that change how it fares. */
export async function train(
  file: string,
  words: string[] = [],
  preload: string[] = [],
  env: Record<string, string> = {},
): Promise<{ status: number | null; signal: NodeJS.Signals | null; stderr: string }> {
  const imports = preload.length > 0 ? ["tsx", ...preload].flatMap((module) => ["--import", module]) : [];
  const child = spawn(
    process.execPath,
    [...imports, "scripts/program.mjs", "trainers/cli.ts", "train", file, ...words],
    {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true, // Ctrl-C is for the experiment, which ends after this run
    },
  );
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [status, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
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
