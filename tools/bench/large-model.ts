// `npm run bench -- large-model`: DPO on a model of Qwen2-1.5B's shape with random weights, over a base in 4 bits: the peak that was planned and the one
// that was measured. It needs 3.1 GB of disk for the weights, which go afterwards, and 4 GB of memory.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runConfig } from "../../spec/config";
import type { DryRun } from "../../spec/reports";
import { tf } from "../../trainers/engine/tensorflow";
import { parseModelConfig, weightShapes } from "../../trainers/models/families";
import { streamSafetensors } from "../../trainers/models/formats/safetensors";
import { examine } from "../../trainers/run/validate-run";

const qwen2 = {
  ...{ model_type: "qwen2", vocab_size: 151936, hidden_size: 1536, intermediate_size: 8960, num_hidden_layers: 28 },
  ...{ num_attention_heads: 12, num_key_value_heads: 2, rms_norm_eps: 1e-6, tie_word_embeddings: true },
};

export async function largeModel(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-large-model-"));
  try {
    const source = join(folder, "model");
    const parameters = writeModel(source);
    const config = runConfig.parse({
      ...{ method: "dpo", model: { source, dtype: "bfloat16", quantisation: "nf4-double" } },
      data: { train: "data/samples/film-reviews.jsonl.gz", maxRows: 16, maxLength: 256 },
      ...{ batchSize: 2, recompute: "block", microBatchTokens: 384, maxSteps: 2, output: join(folder, "output") },
    });
    const { memory } = await examine(config, []);
    const { peak, seconds } = dryRunApart(join(folder, "run.json"), config);
    const [planned, measured] = [memory!.peak, peak].map((bytes) => (bytes / 1e9).toFixed(2));
    process.stdout.write(
      `${(parameters / 1e9).toFixed(2)} billion parameters: planned ${planned} GB, measured ${measured} GB (VmHWM), ${seconds.at(-1)!.toFixed(1)} s a step\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns how many numbers it has. */
function writeModel(folder: string): number {
  mkdirSync(folder);
  writeFileSync(join(folder, "config.json"), JSON.stringify(qwen2));
  for (const file of ["tokenizer.json", "tokenizer_config.json"])
    copyFileSync(join("data/tiny", file), join(folder, file));
  const shapes = weightShapes(parseModelConfig(qwen2));
  const random = (name: string) => {
    const shape = shapes[name]!;
    const drawn = name.includes("norm") ? tf.ones(shape) : tf.randomUniform(shape, -0.03, 0.03, "float32", name.length);
    const values = drawn.dataSync<"float32">();
    drawn.dispose();
    return values;
  };
  streamSafetensors(join(folder, "model.safetensors"), shapes, random, "BF16");
  return Object.values(shapes).reduce((sum, shape) => sum + tf.util.sizeFromShape(shape), 0);
}

/** In a process of its own, whose peak is the run's alone. */
function dryRunApart(file: string, config: object): DryRun {
  writeFileSync(file, JSON.stringify(config));
  const words = ["scripts/program.mjs", "trainers/cli.ts", "dry-run", file];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the dry run ended with status ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as DryRun;
}
