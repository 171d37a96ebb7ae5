// `npm run gguf`: GGUF files of a tiny model of each family. llama.cpp's own converter makes them and Transformers says what the models say; they
// are read here, written again and loaded by llama.cpp. Converter and llama.cpp come with llama-cpp-python's source, which pip fetches.
// Writes tools/bench/results/gguf.json, from which `npm run figures` makes a table in docs/models.md.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tf } from "../../trainers/engine/tensorflow";
import { tokenBatch } from "../../trainers/inference/batches";
import { tokenLogProbs } from "../../trainers/inference/policy";
import { writeGguf } from "../../trainers/models/formats/gguf-write";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import { readModel } from "../../trainers/models/load";
import { frozenWeights } from "../../trainers/models/weights";
import { command, folder, preparePeers, python, scratch } from "./prepare";
import type { GgufResult } from "./results";

const llamaCpp = "llama-cpp-python==0.3.36";
const others = ["sentencepiece==0.2.2", "gguf==0.19.0"];
interface Expected {
  prompt: number[];
  answers: number[][];
  /** Log-probabilities of each answer's tokens, in nats. */
  tokens: number[][];
  ids: number[][];
}

preparePeers();
process.stderr.write(`installing ${llamaCpp}; it is compiled where no wheel is kept (8 minutes on two cores)\n`);
command(python, ["-m", "pip", "install", "--quiet", llamaCpp, ...others]);
const made = join(scratch, "gguf");
rmSync(made, { recursive: true, force: true });
mkdirSync(made, { recursive: true });
command(python, ["data/golden/gguf/make-gguf.py", sources(), "--into", made]);
const { versions, texts, ...expected } = JSON.parse(readFileSync(join(made, "expected.json"), "utf8")) as {
  versions: Record<string, string>;
  texts: string[];
} & Record<string, Expected>;
const names = Object.keys(expected);

const read = new Map<string, GgufResult["families"][string]["read"]>();
for (const name of names) {
  const { tokens, ids } = expected[name]!;
  const distances: Record<string, number> = {};
  let sameIds = true;
  for (const type of ["F32", "F16", "Q8_0"]) {
    const files = await readModel(fileOf(name, type));
    sameIds &&= texts.every((text, i) => files.tokenizer.encode(text).join() === ids[i]!.join());
    distances[type] = distance(speak(files, expected[name]!), tokens);
    if (type === "F32")
      for (const written of ["F16", "Q8_0"] as const) writeGguf(oursOf(name, written), "tiny", files, written);
  }
  read.set(name, { sameIds, distances });
}
const types = ["F16", "Q8_0"] as const;
const cases = names.flatMap((name) => types.map((type) => ({ name, type })));
const said = ask({
  said: cases.map(({ name, type }) => {
    const { prompt, answers } = expected[name]!;
    return { path: oursOf(name, type), rows: answers.map((answer) => [...prompt, ...answer]), from: prompt.length };
  }),
  same: cases.map(({ name, type }) => [oursOf(name, type), fileOf(name, type)]),
});
const result: GgufResult = {
  versions: { ...versions, "llama.cpp": `of ${llamaCpp}` },
  texts: texts.length,
  families: Object.fromEntries(
    await Promise.all(
      names.map(async (name) => {
        const written = Object.fromEntries(
          await Promise.all(
            types.map(async (type) => {
              const at = cases.findIndex((each) => each.name === name && each.type === type);
              const ours = speak(await readModel(oursOf(name, type)), expected[name]!);
              return [type, { distance: distance(said.said[at]!, ours), tensors: said.same[at]! }] as const;
            }),
          ),
        );
        return [name, { read: read.get(name)!, written }] as const;
      }),
    ),
  ),
};
writeFileSync("tools/bench/results/gguf.json", `${JSON.stringify(result, null, 1)}\n`);
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);

/** llama.cpp's sources, with its converter. */
function sources(): string {
  const at = join(folder, "llama-cpp-python-0.3.36", "source");
  const path = join(at, "vendor", "llama.cpp");
  if (existsSync(path)) return path;
  mkdirSync(at, { recursive: true });
  command(python, ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d", scratch, llamaCpp]);
  command("tar", ["-xzf", join(scratch, "llama_cpp_python-0.3.36.tar.gz"), "-C", at, "--strip-components=1"]);
  return path;
}

function fileOf(name: string, type: string): string {
  return join(made, `${name}-${type}.gguf`);
}

function oursOf(name: string, type: string): string {
  return join(made, `${name}-${type}-ours.gguf`);
}

/** log p of each answer's tokens. */
function speak({ config, host }: LoadedFiles, { prompt, answers }: Expected): number[][] {
  const model = { config, weights: frozenWeights(config, host, "float32"), recompute: "none" } as const;
  const rows = answers.map((answer) => ({
    input_ids: [...prompt, ...answer],
    completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
  }));
  const scores = tf.tidy(() => tokenLogProbs(model, null, tokenBatch([rows], 0)).arraySync());
  return answers.map((answer, i) => scores[i]!.slice(0, answer.length));
}

/** The largest over the tokens, in nats. */
function distance(a: number[][], b: number[][]): number {
  return Math.max(...a.flatMap((row, i) => row.map((value, t) => Math.abs(value - b[i]![t]!))));
}

function ask(job: object): { said: number[][][]; same: { same: number; different: string[] }[] } {
  const path = join(made, "job.json");
  writeFileSync(path, JSON.stringify(job));
  const { status, stdout, stderr } = spawnSync(python, ["tools/bench/peers/gguf-files.py", path], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`gguf-files.py failed with status ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}
