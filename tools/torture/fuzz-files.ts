// Files of models, adapters, runs and trainers, with something wrong in each, read as the product reads them.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRunConfig } from "../../common/config-file";
import { modelPath } from "../../common/model-paths";
import { createRandom } from "../../common/random";
import { readAdapter } from "../../trainers/adapters/files";
import { tf } from "../../trainers/engine/tensorflow";
import { writeGguf } from "../../trainers/models/formats/gguf-write";
import { readSafetensors } from "../../trainers/models/formats/safetensors";
import { readModel } from "../../trainers/models/load";
import { readTokenizer } from "../../trainers/models/tokenizer";
import { damaged } from "./damage";
import type { Experiment, Outcome, Setting } from "./experiment";
import { isUnexpected, mutatedBytes, mutatedJson } from "./mutate";
import { configOf, methods } from "./tiny-methods";

export const fuzzFiles: Experiment = {
  name: "fuzz-files",
  fault: "GGUF, safetensors, PEFT configs and weights, model and tokenizer configs, tokenizers and run files, mutated",
  demand: "read, or refused in words that name the file",
  size: 10_000,
  unit: "files",
  run,
};

interface Kind {
  /** Relative to the folder. */
  file: string;
  read(folder: string): unknown;
}

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  const random = createRandom(seed, "fuzz-files");
  const kinds = await prepared(folder);
  const [seen, failures]: [Record<string, number>, string[]] = [{ read: 0, refused: 0 }, []];
  let ran = 0;
  for (; ran < size && !signal.aborted; ran++) {
    const { file, read } = kinds[ran % kinds.length]!;
    const path = join(folder, file);
    const whole = readFileSync(path);
    const wrong = mutatedFile(file, whole, random);
    writeFileSync(path, wrong);
    tf.engine().startScope();
    try {
      await read(folder);
      seen.read!++;
    } catch (error) {
      seen.refused!++;
      if (isUnexpected(error) || !String(error).includes(folder)) {
        failures.push(`${file}, the ${ran + 1}th: ${String(error).replaceAll(folder, "…").slice(0, 300)}`);
        if (process.env.DEBUG) writeFileSync(`/tmp/torture-${ran}-${file.replaceAll("/", "-")}`, wrong);
      }
    } finally {
      tf.engine().endScope();
      writeFileSync(path, whole);
    }
    if (ran % 1000 === 999) say(`${ran + 1} files, ${failures.length} failures`);
  }
  return { ran, seen, most: {}, failures };
}

/** Good ones of every kind, and who reads them. */
async function prepared(folder: string): Promise<Kind[]> {
  const tiny = await readModel(modelPath("tiny"));
  cpSync(modelPath("tiny"), join(folder, "model"), { recursive: true });
  cpSync(join("data", "golden", "trajectories", "adapter_init"), join(folder, "adapter"), { recursive: true });
  cpSync(join("data", "golden", "trajectories", "model"), join(folder, "golden"), { recursive: true });
  const golden = (await readModel(join(folder, "golden"))).config;
  writeGguf(join(folder, "model.gguf"), "tiny", tiny, "F16");
  writeFileSync(join(folder, "run.json"), JSON.stringify({ ...configOf(methods[0]!, 1), output: "out" }));
  const wholeModel = async (path: string) => {
    const { host, config } = await readModel(path);
    host.get("model.embed_tokens.weight");
    return config;
  };
  const model = (root: string) => wholeModel(join(root, "model"));
  const adapter = (root: string) => readAdapter(join(root, "adapter"), golden);
  const tokenizer = (root: string) => readTokenizer(join(root, "model")).encode("How are you?");
  return [
    { file: "model.gguf", read: (root) => wholeModel(join(root, "model.gguf")) },
    {
      file: join("model", "model.safetensors"),
      read: (root) => readSafetensors(join(root, "model", "model.safetensors")),
    },
    { file: join("model", "config.json"), read: model },
    { file: join("model", "tokenizer.json"), read: tokenizer },
    { file: join("model", "tokenizer_config.json"), read: tokenizer },
    { file: join("adapter", "adapter_config.json"), read: adapter },
    { file: join("adapter", "adapter_model.safetensors"), read: adapter },
    { file: "run.json", read: (root) => readRunConfig(join(root, "run.json")) },
  ];
}

/** Of JSON mostly a value; of binary files mostly the header, which lies at the beginning. */
function mutatedFile(file: string, whole: Buffer, random: () => number): Buffer {
  if (file.endsWith(".json") && random() < 0.8)
    return Buffer.from(JSON.stringify(mutatedJson(JSON.parse(whole.toString()), random)));
  if (random() < 0.2) return damaged(whole, Math.floor(whole.length * random()), random).bytes;
  const head = Math.min(whole.length, 4096);
  return Buffer.concat([mutatedBytes(whole.subarray(0, head), random), whole.subarray(head)]);
}
