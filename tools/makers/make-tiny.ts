// Remakes data/tiny: `npx tsx tools/makers/make-tiny.ts` (about five minutes on two cores).
// Grammar → corpus → byte-level BPE → random weights → this project's own SFT over every weight.
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runConfig } from "../../spec/config";
import type { ModelConfig } from "../../trainers/models/config";
import { writeSafetensors } from "../../trainers/models/formats/safetensors";
import { toConfigJson } from "../../trainers/models/llama/config-json";
import { randomWeights } from "../../trainers/models/random-weights";
import { silent } from "../../trainers/run/observer";
import { run } from "../../trainers/run/train";
import { tinyReviews, tinyTokenizer } from "./tiny-tokenizer";

const work = "data/local/make-tiny";
const start = join(work, "start");
mkdirSync(start, { recursive: true });

const rows = tinyReviews();
const corpus = rows.map(({ prompt, review }) =>
  JSON.stringify({ prompt: [{ role: "user", content: prompt }], completion: [{ role: "assistant", content: review }] }),
);
writeFileSync(join(work, "corpus.jsonl"), `${corpus.join("\n")}\n`);

const tokenizer = await tinyTokenizer(rows);
for (const [name, json] of Object.entries(tokenizer)) writeFileSync(join(start, name), JSON.stringify(json));

const config: ModelConfig = {
  vocabSize: Object.keys(tokenizer["tokenizer.json"].model.vocab).length,
  hiddenSize: 160,
  intermediateSize: 448,
  layers: 4,
  heads: 4,
  kvHeads: 2,
  headDim: 40,
  family: "llama",
  rmsEpsilon: 1e-5,
  ropeTheta: 10000,
  ropeScaling: { type: "none" },
  tiedEmbeddings: true,
  activation: "silu",
  biases: [],
};
writeFileSync(join(start, "config.json"), JSON.stringify(toConfigJson(config, { pad: 0, bos: 1, eos: 2 }), null, 2));
writeSafetensors(join(start, "model.safetensors"), randomWeights(config, 0));
process.stderr.write(`${rows.length} reviews, ${config.vocabSize} tokens\n`);

const output = join(work, "trained");
await run(
  runConfig.parse({
    method: "sft",
    model: { source: start },
    adapter: null,
    data: { train: join(work, "corpus.jsonl"), heldOut: 0.1, maxLength: 160 },
    batchSize: 32,
    maxSteps: 800,
    evalEvery: 200,
    sampleEvery: 200,
    samplePrompts: 4,
    sampleLength: 80,
    optimizer: { learningRate: 2e-3, schedule: "cosine", warmupRatio: 0.05, weightDecay: 0.01 },
    sft: { completionOnlyLoss: false },
    output,
  }),
  {
    signal: new AbortController().signal,
    observer: {
      ...silent,
      note: (text) => process.stderr.write(`${text}\n`),
      started: (info) => process.stderr.write(`${JSON.stringify(info)}\n`),
      metrics: (row) => row.step % 50 === 0 && process.stderr.write(`${JSON.stringify(row)}\n`),
      answers: (_, answers) => process.stderr.write(`${answers.map((a) => a.answer).join("\n")}\n`),
    },
  },
);
mkdirSync("data/tiny", { recursive: true });
for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"])
  cpSync(join(output, name), join("data/tiny", name));
