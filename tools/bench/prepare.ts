// Everything that both sides read: the peers' virtual environment, the model as Transformers wants it, one adapter, token ids.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../common/env";
import { modelPath } from "../../common/model-paths";
import { createRandom } from "../../common/random";
import { lora as adapterOptions } from "../../spec/adapters/lora";
import { writeAdapter } from "../../trainers/adapters/files";
import { createAdapter } from "../../trainers/adapters/kinds";
import { weightShapes } from "../../trainers/models/families";
import { writeSafetensors } from "../../trainers/models/formats/safetensors";
import { headName } from "../../trainers/models/head-name";
import { toConfigJson } from "../../trainers/models/llama/config-json";
import { readModel } from "../../trainers/models/load";
import { createHead } from "../../trainers/models/score-head";
import type { RaggedWorkload, TrainingWorkload } from "./workloads";

export const folder = join(cacheFolder(), "bench");
const versions = ["trl==1.16.0", "torch==2.15.0", "transformers==5.23.0", "peft==0.21.2"];
export const python = join(folder, "trl-1.16", "bin", "python");
/** Memory allocator that a tuned peer runs with: torch frees and takes large blocks at every op. */
const library = "usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4";
export const tcmalloc = existsSync(`/${library}`) ? `/${library}` : join(folder, "tcmalloc", library);
export const scratch = join(folder, "scratch");

/** Installs the peers by pip, once. */
export function preparePeers(): void {
  prepareAllocator();
  const done = join(folder, "trl-1.16", "installed.txt");
  if (existsSync(done)) return;
  process.stderr.write(`installing ${versions.join(", ")} (about 6 GB)\n`);
  command("python3", ["-m", "venv", join(folder, "trl-1.16")]);
  command(python, ["-m", "pip", "install", "--quiet", ...versions]);
  writeFileSync(done, versions.join("\n"));
}

export function command(program: string, args: string[]): void {
  const { status } = spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed with status ${status}`);
}

/** DeepSpeed compiles what it needs once it needs it. */
export function pip(interpreter: string, args: string[]): void {
  const { status } = spawnSync(interpreter, ["-m", "pip", "install", "--quiet", ...args], {
    env: { ...process.env, DS_BUILD_OPS: "0" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`pip install ${args.join(" ")} failed with status ${status}`);
}

/** Unpacks Debian's package beside the peers, for which nobody has to be root. */
function prepareAllocator(): void {
  if (existsSync(tcmalloc)) return;
  const script = `apt-get download libtcmalloc-minimal4 && dpkg -x libtcmalloc-minimal4_*.deb tcmalloc`;
  const { status, stderr } = spawnSync("sh", ["-ec", script], { cwd: folder, encoding: "utf8" });
  if (status !== 0)
    throw new Error(
      `${tcmalloc} is missing and could not be fetched: apt-get install libtcmalloc-minimal4 (${stderr})`,
    );
}

/** TRL 1.12.0, the last with PPO, beside the newer one: first on the path of the process that needs it. */
export const lastTrlWithPpo = join(folder, "trl-1.12.0");

/** Installs it by pip, once. */
export function preparePpoPeer(): void {
  if (existsSync(join(lastTrlWithPpo, "trl"))) return;
  command(python, ["-m", "pip", "install", "--quiet", "--no-deps", "--target", lastTrlWithPpo, "trl==1.12.0"]);
}

const serving = join(folder, "serving");
const servingVersions = ["openvino-genai==2026.4.1.0", "optimum-intel[openvino]==2.2.0", "llama-cpp-python==0.3.36"];
export const servingPython = join(serving, "bin", "python");

/** Installs the programs that serve 4-bit weights by pip, once (llama.cpp is compiled for this machine), and writes the model as each reads it. */
export function prepareServing({ source, model }: Prepared): { openvino: string; gguf: string } {
  const done = join(serving, "installed.txt");
  if (!existsSync(done)) {
    process.stderr.write(
      `installing ${servingVersions.join(", ")} (about 7 GB; llama.cpp is compiled, which takes ten minutes)\n`,
    );
    command("python3", ["-m", "venv", serving]);
    command(servingPython, ["-m", "pip", "install", "--quiet", ...servingVersions]);
    writeFileSync(done, servingVersions.join("\n"));
  }
  const openvino = `${model}-openvino`;
  if (!existsSync(openvino)) command(servingPython, ["tools/bench/peers/quantise.py", model, openvino]);
  return { openvino, gguf: modelPath(source) };
}

const sources = { smollm2: "smollm2-135m-instruct", tiny: "data/tiny" };

export interface Prepared {
  /** As our run file names it. */
  source: string;
  /** A folder that Transformers loads. */
  model: string;
  /** A PEFT folder, rank 16 on every linear layer. */
  adapter: string;
  /** The same with a random score head. */
  scorer: string;
  text: number[];
}

export async function prepareModel(name: TrainingWorkload["model"]): Promise<Prepared> {
  const source = sources[name];
  const { config, host, tokenizer } = await readModel(source);
  const [model, adapter, scorer] = ["model", "adapter", "scorer"].map((part) => join(folder, part, name)) as [
    string,
    string,
    string,
  ];
  if (!existsSync(join(model, "model.safetensors"))) {
    mkdirSync(model, { recursive: true });
    const ids = { bos: 1, eos: tokenizer.eos, pad: tokenizer.pad };
    writeFileSync(
      join(model, "config.json"),
      JSON.stringify({ ...toConfigJson(config, ids), max_position_embeddings: 8192 }),
    );
    const names = Object.keys(weightShapes(config));
    writeSafetensors(join(model, "model.safetensors"), new Map(names.map((weight) => [weight, host.get(weight)!])));
  }
  const fresh = createAdapter(config, adapterOptions.parse({ rank: 16, alpha: 32 }), 0);
  writeAdapter(adapter, fresh, model);
  const head = createHead(null, config.hiddenSize, 0);
  writeAdapter(scorer, { ...fresh, weights: new Map([...fresh.weights, [headName, head]]) }, model);
  const rows = readFileSync("data/samples/everyday.jsonl", "utf8").trim().split("\n");
  const text = rows.flatMap((line) => {
    const { prompt, answers } = JSON.parse(line) as { prompt: unknown; answers: string[] };
    return tokenizer.encode(`${JSON.stringify(prompt)}\n${answers.join("\n")}\n`);
  });
  return { source, model, adapter, scorer, text };
}

/** Pairs of exact lengths; the same ones at each step, so that from the second on the reference is known. */
export function writePairs(path: string, { text }: Prepared, { pairs, prompt, answer, steps }: TrainingWorkload): void {
  const pairOf = cutter(text);
  const rows = Array.from({ length: pairs }, () => pairOf(prompt, answer, answer));
  writeFileSync(path, JSON.stringify({ rows: Array.from({ length: steps }, () => rows).flat() }));
}

/**
 * Pairs whose lengths vary as in public preference data: prompts and answers are log-normal, the two answers of a pair differ, and a prompt
 * takes about a third of a row. The same ones whenever and wherever it is called.
 */
export function writeRaggedPairs(path: string, { text }: Prepared, workload: RaggedWorkload): void {
  const { pairs, steps, shortest, median, longest } = workload;
  const random = createRandom("ragged");
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const between = (low: number, value: number, high: number) => Math.round(Math.min(Math.max(value, low), high));
  const pairOf = cutter(text);
  const rows = Array.from({ length: pairs * steps }, () => {
    const prompt = between(16, (median / 3) * Math.exp(0.5 * normal()), longest / 2);
    const answer = () => between(shortest - 16, ((2 * median) / 3) * Math.exp(0.5 * normal()), longest - prompt);
    return pairOf(prompt, answer(), answer());
  });
  writeFileSync(path, JSON.stringify({ rows }));
}

/** Cuts pairs from running text, one after the other. */
function cutter(text: number[]) {
  let at = 0;
  const take = (count: number) => Array.from({ length: count }, () => text[at++ % text.length]!);
  return (prompt: number, chosen: number, rejected: number) => {
    const shared = take(prompt);
    const row = (answer: number) => ({
      input_ids: [...shared, ...take(answer)],
      completion_mask: [...shared.map(() => 0), ...Array<number>(answer).fill(1)],
    });
    return { chosen: row(chosen), rejected: row(rejected) };
  };
}
