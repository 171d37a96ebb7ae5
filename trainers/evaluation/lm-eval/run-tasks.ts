// Tasks of lm-eval (https://github.com/EleutherAI/lm-evaluation-harness) asked of a model through this project's own server.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { Refusal } from "../../../common/command-line";
import { pythonWith } from "../../../common/python-environment";
import { type EvaluationOptions, type EvaluationReport, evaluatedTask } from "../../../spec/evaluations";
import { loadServed, type ServeConfig } from "../../serve/served";
import { apiServer } from "../../serve/server";

/** As lm-eval.py reads it. */
interface Job extends Omit<EvaluationOptions, "folder"> {
  /** Of the server, without a path. */
  url: string;
  key: string;
  /** What the server calls the model. */
  name: string;
  /** Folders with task files. */
  folders: string[];
  /** Tokens of a prompt with its answer. */
  context: number;
  concurrent: number;
}

const rows = 16;
const root = resolve(import.meta.dirname, "../../..");
/** The last three are what its IFEval needs. */
const harness = ["lm_eval[api]==0.4.13", "langdetect==1.0.9", "immutabledict==4.3.1", "nltk==3.10.4"];

const answer = z.union([
  z.object({ refused: z.string() }),
  z.object({ harness: z.string(), tasks: z.array(evaluatedTask) }),
]);

/** `adapter`: on the model; null: the model itself. What `options.folder` names may run code of its own: task files are programs. */
export async function evaluateTasks(
  model: ServeConfig["model"],
  adapter: string | null,
  options: EvaluationOptions,
  say: (text: string) => void,
): Promise<EvaluationReport> {
  const python = await pythonWith("lm-eval", harness, say);
  const began = Date.now();
  const name = adapter === null ? model.source : "tuned";
  const policies = new Map(adapter === null ? [] : [[name, adapter]]);
  const served = await loadServed({ model, policies, rows, context: null });
  const key = randomBytes(24).toString("base64url");
  const server = apiServer(served, { key, openTo: "this machine" }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const scratch = mkdtempSync(join(tmpdir(), "workbench-evaluation-"));
  try {
    const { folder, ...asked } = options;
    const job: Job = {
      ...asked,
      ...{ key, name, concurrent: rows, context: served.engine.context },
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      folders: [join(root, "data", "evaluations"), ...(folder === null ? [] : [resolve(folder)])],
    };
    const file = join(scratch, "job.json");
    writeFileSync(file, JSON.stringify(job), { mode: 0o600 });
    const found = answer.parse(JSON.parse(await outputOf(python, file, say)));
    if ("refused" in found) throw new Refusal(found.refused);
    return { ...found, seconds: (Date.now() - began) / 1000 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    server.close();
    server.closeAllConnections();
  }
}

/** This process's environment without its secrets: task files may run code. The Hub's token is for their rows. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const isSecret = (name: string) => name.startsWith("WORKBENCH_") || /KEY|TOKEN|SECRET|PASSWORD/i.test(name);
  const entries = Object.entries(process.env).filter(([name]) => name === "HF_TOKEN" || !isSecret(name));
  return Object.fromEntries(entries) as NodeJS.ProcessEnv;
}

/** What lm-eval prints; its progress bars are said as "3 of 10 requests". */
async function outputOf(python: string, job: string, say: (text: string) => void): Promise<string> {
  const child = spawn(python, [join(import.meta.dirname, "lm-eval.py"), job], {
    cwd: root,
    env: ownEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    output += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    errors = (errors + part).slice(-10_000);
    const bar = [...part.matchAll(/Requesting API:.*?\b(\d+)\/(\d+) /g)].at(-1);
    const next = bar ? `${bar[1]} of ${bar[2]} requests` : told;
    if (next !== told) say(next);
    told = next;
  });
  const [status] = (await once(child, "close")) as [number | null];
  if (status === 0) return output;
  throw new Error(`lm-eval ended with status ${status}: ${errors.trim().split("\n").slice(-5).join("\n")}`);
}
