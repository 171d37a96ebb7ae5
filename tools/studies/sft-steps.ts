// `npm run study -- sft-steps`: how many steps of SFT are enough after pre-training, and what keeps an answer's first token dear. The pipeline of the
// form on `tiny`'s architecture, two seeds; half an hour on two cores that others used as well. Writes results/sft-steps.json; `npm run figures` makes the table of
// docs/stages.md from it.
import { writeFileSync } from "node:fs";
import { pipelineSteps, type StepKey } from "../../lib/runs/pipeline";
import { mean } from "../../spec/statistics";
import { tokenizeSupervised } from "../../trainers/data/tokenize";
import { tf } from "../../trainers/engine/tensorflow";
import { modelOf } from "../../trainers/evaluation/distance";
import { tokenBatch } from "../../trainers/inference/batches";
import { tunedFiles } from "../../trainers/inference/frozen-policy";
import { firstTokens } from "./first-tokens";
import { heldOutPrompts, trainingPrompts } from "./review-pairs";
import { conversations, documents, heldOutDocuments } from "./stages-data";
import { rowsFile, sideBySide, trace } from "./trace";

/** results/sft-steps.json: nats a token of held-out answers, and of their first tokens, by seed. */
export interface SftSteps {
  rows: { steps: number; trains: string; heldOut: number[]; first: number[] }[];
  /** What first tokens cost by their frequencies in the answers that are learnt. */
  frequencies: number;
}

const lora = { rank: 16, alpha: 32 };
const ways = [
  ...[60, 120, 240, 480].map((steps) => ({ steps, trains: "LoRA", own: { adapter: lora } })),
  { steps: 120, trains: "LoRA and the embeddings", own: { adapter: { ...lora, modulesToSave: ["embed_tokens"] } } },
  { steps: 120, trains: "LoRA and the output head", own: {} }, // as the form has it
  { steps: 120, trains: "every weight", own: { adapter: null, optimizer: { learningRate: 5e-4, warmupRatio: 0.1 } } },
];

const sample = { kind: "sample" as const, id: "" }; // the files below stand in its place
function stepOf(key: StepKey, sft: number) {
  const steps = { pretraining: 400, sft, reward: 300, policy: 120 };
  const sets = { pretraining: sample, supervised: sample, preferences: sample };
  return pipelineSteps({ name: "s", model: "tiny", ...sets, policies: ["dpo"], steps }).find((one) => one.key === key)!
    .config;
}

const onFiles = ({ data }: Record<string, unknown>, train: string, held: string) => ({
  ...(data as object),
  heldOut: 0,
  train,
  eval: held,
});

export async function sftSteps(): Promise<void> {
  const { reviews, sums } = heldOutDocuments();
  const held = rowsFile([...reviews, ...sums].map((text) => JSON.stringify({ text })));
  const texts = rowsFile(await documents());
  const [answers, heldAnswers] = [conversations(trainingPrompts, "train"), conversations(heldOutPrompts, "held out")];
  const [answersFile, heldFile] = [rowsFile(answers), rowsFile(heldAnswers)];
  const bySeed = await sideBySide([0, 1], async (seed) => {
    const first = stepOf("pretraining", 60);
    const model = { source: "tiny", dtype: "float32" };
    const { output: base } = await trace({ ...first, seed, data: onFiles(first, texts, held), model });
    const found: { heldOut: number; first: number }[] = [];
    for (const { steps, own } of ways) {
      const sft = stepOf("sft", steps);
      const source = { source: base, dtype: "float32" };
      const data = onFiles(sft, answersFile, heldFile);
      const { rows, output } = await trace({ ...sft, ...own, seed, evalEvery: steps / 4, data, model: source });
      found.push({ heldOut: rows.at(-1)!.eval_loss!, first: await firstToken(base, output, heldAnswers) });
    }
    return found;
  });
  const rows = ways.map(({ steps, trains }, i) => ({
    ...{ steps, trains },
    heldOut: bySeed.map((one) => one[i]!.heldOut),
    first: bySeed.map((one) => one[i]!.first),
  }));
  const result: SftSteps = { rows, frequencies: byFrequency(answers, heldAnswers) };
  writeFileSync("tools/studies/results/sft-steps.json", `${JSON.stringify(result, null, 1)}\n`);
}

/** What the first token of these answers costs the model, nats. */
async function firstToken(base: string, output: string, answers: string[]): Promise<number> {
  const files = await tunedFiles(base, output);
  const { tokenizer } = files;
  return tf.tidy(() => {
    const rows = answers.map((line) => [tokenizeSupervised(tokenizer, JSON.parse(line), 160, true)!]);
    return firstTokens(modelOf(files), tokenBatch(rows, tokenizer.pad));
  });
}

/** Cross-entropy of the answers' first words by how often others begin with them, each once more than it was seen. */
function byFrequency(learnt: string[], held: string[]): number {
  const wordOf = (line: string) => (JSON.parse(line) as Row).completion[0]!.content.split(" ")[0]!;
  const counts = new Map<string, number>();
  for (const line of learnt) counts.set(wordOf(line), (counts.get(wordOf(line)) ?? 0) + 1);
  const all = learnt.length + counts.size + 1;
  return mean(held.map((line) => Math.log(all / (1 + (counts.get(wordOf(line)) ?? 0)))));
}

interface Row {
  completion: { content: string }[];
}
