// `npm run study -- stages`: a model's stages from documents on, by the pipeline of the form, each measured alike: what a stage brings, and what it costs
// those before it. `tiny`'s architecture from random weights, three seeds. Half an hour on two cores. Writes results/stages.json; `npm run figures`
// makes the table and the picture of docs/stages.md from it.
import { writeFileSync } from "node:fs";
import { say } from "../../common/command-line";
import type { Text } from "../../common/rows/rows";
import { type PipelineStep, pipelineSteps, placeOf, type StepKey } from "../../lib/runs/pipeline";
import { mean } from "../../spec/statistics";
import { tokenizePrompt, tokenizeSupervised } from "../../trainers/data/tokenize";
import { tf } from "../../trainers/engine/tensorflow";
import { distance, modelOf } from "../../trainers/evaluation/distance";
import { tokenBatch } from "../../trainers/inference/batches";
import { tunedFiles } from "../../trainers/inference/frozen-policy";
import { createSampler } from "../../trainers/inference/sampling";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import { goldReward } from "../../trainers/rewards/gold/reviews";
import { perplexity, scored } from "./pruning";
import { allTrainingPairs, heldOutPairs, heldOutPrompts, trainingPairs, trainingPrompts } from "./review-pairs";
import { conversations, documents, heldOutDocuments } from "./stages-data";
import { rowsFile, sideBySide, trace } from "./trace";

/** What a model is worth after a stage. */
export interface Worth {
  /** A token of held-out documents: film reviews, and sums and lists, which no stage after pre-training sees. */
  reviews: number;
  sums: number;
  /** Of held-out answers, which SFT imitates: nats a token. */
  sft: number;
  /** Oracle reward of its answers to held-out prompts. */
  gold: number;
  /** KL to the stage before along these answers, nats a token; the first has none. */
  kl?: number | undefined;
}
/** results/stages.json */
export interface StagesResult {
  steps: typeof steps;
  documents: number;
  prompts: number;
  stages: { name: string; before: string | null; seeds: Worth[] }[];
}

const seeds = [0, 1, 2];
const steps = { pretraining: 400, sft: 60, reward: 300, policy: 120 }; // those of the form, whose SFT takes 120 (sft-steps.ts)
const sample = { kind: "sample" as const, id: "" }; // the files below stand in its place
const recipe = pipelineSteps({
  ...{ name: "stages", model: "tiny", pretraining: sample, supervised: sample, preferences: sample },
  ...{ policies: ["dpo", "ppo"], steps },
});
/** Here the oracle says how good answers are, so DPO's are not scored by the reward model. */
const stepOf = (key: StepKey): PipelineStep["config"] => {
  const { sampleReward: _, ...config } = recipe.find((step) => step.key === key)!.config;
  return config;
};

/** The stages, and what each goes on from; documents are mixed into SFT once to see what that saves. */
const stages = [
  { name: "pre-training", key: "pretraining", before: null },
  { name: "SFT", key: "sft", before: "pre-training" },
  { name: "DPO", key: "dpo", before: "SFT" },
  { name: "PPO", key: "ppo", before: "SFT" },
  { name: "SFT with documents", key: "sft", before: "pre-training" },
  { name: "DPO after it", key: "dpo", before: "SFT with documents" },
] as const;
type Stage = (typeof stages)[number];

interface Files {
  documents: string;
  held: string;
  answers: string;
  heldAnswers: string;
  heldPairs: string;
}

async function filesOf(texts: string[]): Promise<Files> {
  const { reviews, sums } = heldOutDocuments();
  return {
    documents: rowsFile(texts),
    held: rowsFile([...reviews, ...sums].map((text) => JSON.stringify({ text }))),
    answers: rowsFile(conversations(trainingPrompts, "train")),
    heldAnswers: rowsFile(conversations(heldOutPrompts, "held out")),
    heldPairs: rowsFile(heldOutPairs()),
  };
}

/** What a step is trained and measured on. */
function dataOf({ name, key }: { name: string; key: StepKey }, files: Files, seed: number): object {
  if (key === "pretraining") return { train: files.documents, eval: files.held };
  if (key !== "sft") return { train: rowsFile(trainingPairs(allTrainingPairs, 0, seed)), eval: files.heldPairs };
  const mixed = [
    { file: files.answers, weight: 1 },
    { file: files.documents, weight: 0.25 }, // about as many rows of each
  ];
  return { train: name === "SFT" ? files.answers : mixed, eval: files.heldAnswers };
}

/** Trains a chain of stages. Returns what each left behind, by its name. */
async function chain(seed: number, files: Files): Promise<Map<string, string>> {
  const left = new Map<string, string>();
  const train = async (stage: { name: string; key: StepKey }, places: Record<string, string>) => {
    const config = inPlace(stepOf(stage.key), places);
    const data = { ...(config.data as object), heldOut: 0, ...dataOf(stage, files, seed) };
    const base = left.get("pre-training") ?? "tiny";
    const { output } = await trace({ ...config, seed, data, model: { source: base, dtype: "float32" } });
    say(`seed ${seed}: ${stage.name} is trained`);
    left.set(stage.name, output);
  };
  for (const stage of stages) {
    const sft = stage.before ? left.get(stage.before) : undefined;
    const places = sft ? { [placeOf("sft")]: sft } : {};
    if (stage.key === "ppo") await train({ name: "reward model", key: "reward" }, places);
    await train(stage, { ...places, [placeOf("reward")]: left.get("reward model") ?? "" });
  }
  return left;
}

const inPlace = (config: PipelineStep["config"], places: Record<string, string>): PipelineStep["config"] =>
  JSON.parse(JSON.stringify(config), (_, value) => (typeof value === "string" ? (places[value] ?? value) : value));

/** How every stage of a chain is measured. */
function measureOf({ tokenizer }: LoadedFiles) {
  const prompts = heldOutPrompts.map((content) => tokenizePrompt(tokenizer, [{ role: "user", content }]));
  const rows = (texts: { prompt: Text; completion: Text }[]) =>
    tokenBatch(
      texts.map((row) => [tokenizeSupervised(tokenizer, row, 160, true)!]),
      tokenizer.pad,
    );
  const plain = (texts: string[]) => rows(texts.map((completion) => ({ prompt: "", completion })));
  const { reviews, sums } = heldOutDocuments();
  const [ofReviews, ofSums] = [plain(reviews), plain(sums)];
  const answers = rows(conversations(heldOutPrompts, "held out").map((line) => JSON.parse(line)));
  const options = {
    ...{ maxNewTokens: 64, temperature: 1, ends: tokenizer.ends, pad: tokenizer.pad },
    streams: prompts.map((_, i) => `stages/${i}`),
  };

  return (files: LoadedFiles, before: LoadedFiles | null): Worth =>
    tf.tidy(() => {
      const model = modelOf(files);
      const own = createSampler(model, null)(prompts, options).map(({ ids }) => ids);
      const batch = tokenBatch(
        own.map((answer, i) => [scored(prompts[i]!, answer)]),
        tokenizer.pad,
      );
      return {
        reviews: perplexity(model, ofReviews),
        sums: perplexity(model, ofSums),
        sft: Math.log(perplexity(model, answers)),
        gold: mean(own.map((ids) => goldReward(tokenizer.decode(ids).trim()))),
        kl: before === null ? undefined : distance(model, modelOf(before), batch).kl.mean,
      };
    });
}

async function worthOf(seed: number, files: Files): Promise<Worth[]> {
  const left = await chain(seed, files);
  const base = left.get("pre-training")!;
  const filesAfter = (name: string) => tunedFiles(base, left.get(name)!);
  const measure = measureOf(await filesAfter("pre-training"));
  const found: Worth[] = [];
  for (const { name, before } of stages as readonly Stage[]) {
    const worth = measure(await filesAfter(name), before === null ? null : await filesAfter(before));
    say(`seed ${seed}, ${name}: ${JSON.stringify(worth)}`);
    found.push(worth);
  }
  return found;
}

export async function stagesOfAModel(): Promise<void> {
  const texts = await documents();
  const files = await filesOf(texts);
  const worths = await sideBySide(seeds, (seed) => worthOf(seed, files));
  const result: StagesResult = {
    ...{ steps, documents: texts.length, prompts: heldOutPrompts.length },
    stages: stages.map(({ name, before }, i) => ({ name, before, seeds: worths.map((one) => one[i]!) })),
  };
  writeFileSync("tools/studies/results/stages.json", `${JSON.stringify(result, null, 1)}\n`);
}
