// `npm run lm-eval`: a run's merged folder by lm-eval's own `--model hf`, and the run's adapter through `workbench serve`: the same numbers.
// Writes tools/bench/results/lm-eval.json; `npm run figures` puts it into docs/serve.md.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import { command, folder, preparePeers, python } from "./prepare";
import { type LmEvalResult, lmEvalText } from "./serving-figures";

const harness = ["lm_eval[api]==0.4.13"];
const pairs = 100;
const scratch = mkdtempSync(join(tmpdir(), "workbench-lm-eval-"));
const program = ["scripts/program.mjs", "trainers/cli.ts"];

mkdirSync(folder, { recursive: true });
preparePeers();
installHarness();
const adapter = trained();
const merged = join(scratch, "merged");
execFileSync(process.execPath, [...program, "merge", "tiny", adapter, merged], {
  stdio: ["ignore", "ignore", "inherit"],
});
const server = spawn(process.execPath, [...program, "serve", "tiny", `--adapter=tuned=${adapter}`, "--port=0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const [tasks, rows] = [join(scratch, "tasks"), join(scratch, "rows.jsonl")];
  mkdirSync(tasks);
  writeFileSync(rows, rowsOf());
  const job = join(scratch, "job.json");
  writeFileSync(job, JSON.stringify({ model: merged, name: "tuned", url: await address(server), tasks, rows }));
  const said = execFileSync(python, [join("tools", "bench", "peers", "lm-eval.py"), job], {
    encoding: "utf8",
    env: { ...process.env, HF_HUB_OFFLINE: "1", HF_DATASETS_OFFLINE: "1", OPENAI_API_KEY: "none" },
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 28,
  });
  const result = JSON.parse(said.trim().split("\n").at(-1)!) as LmEvalResult;
  writeFileSync("tools/bench/results/lm-eval.json", `${JSON.stringify(result, null, 1)}\n`);
  process.stdout.write(`${lmEvalText(result)}\n`);
} finally {
  server.kill();
}

function installHarness(): void {
  const done = join(folder, "lm-eval-installed.txt");
  if (existsSync(done)) return;
  command(python, ["-m", "pip", "install", "--quiet", ...harness]);
  writeFileSync(done, harness.join("\n"));
}

/** The demo run's adapter. */
function trained(): string {
  const config = JSON.parse(readFileSync("data/samples/demo-run.json", "utf8")) as object;
  const [file, output] = [join(scratch, "run.json"), join(scratch, "run")];
  writeFileSync(file, JSON.stringify({ ...config, output }));
  execFileSync(process.execPath, [...program, "train", file], { stdio: ["ignore", "ignore", "inherit"] });
  return output;
}

/** Pairs as plain text, as lm-eval's tasks read them. */
function rowsOf(): string {
  const lines = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz")).toString().trim().split("\n");
  return lines
    .slice(-pairs)
    .map((line) => {
      const { prompt, chosen, rejected } = JSON.parse(line) as Record<string, [{ content: string }]>;
      const [asked, better, worse] = [prompt, chosen, rejected].map((turns) => turns![0].content);
      return JSON.stringify({ prompt: asked, chosen: better, rejected: worse });
    })
    .join("\n");
}

/** Where the server answers, once it does. */
function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", (line) =>
      resolve((JSON.parse(line) as { url: string }).url),
    );
    child.once("close", (status) => reject(new Error(`workbench serve ended with status ${status}`)));
  });
}
