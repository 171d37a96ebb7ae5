// `npm run study -- stages`: a model's stages from documents on, by the pipeline of the form, each measured alike: what a stage brings, and what it costs
// those before it. `tiny`'s architecture from random weights, three seeds. Three quarters of an hour on two cores. Writes results/stages.json; `npm run figures`
// makes the table and the picture of docs/stages.md from it.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "../../common/command-line";
import type { Text } from "../../common/rows/rows";
import { isWholeModel } from "../../common/whole-model";
import { type PipelineStep, pipelineSteps, placeOf, type StepKey } from "../../lib/runs/pipeline";
import { mean } from "../../spec/statistics";
import { readAdapter } from "../../trainers/adapters/files";
import { writeMerged, writeModel } from "../../trainers/adapters/merge";
import { tokenizePrompt, tokenizeSupervised } from "../../trainers/data/tokenize";
import { tf } from "../../trainers/engine/tensorflow";
import { distance, modelOf } from "../../trainers/evaluation/distance";
import { tokenBatch } from "../../trainers/inference/batches";
import { tunedFiles } from "../../trainers/inference/frozen-policy";
import { createSampler } from "../../trainers/inference/sampling";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import { readModel } from "../../trainers/models/load";
import { goldReward } from "../../trainers/rewards/gold/reviews";
import { firstTokens } from "./first-tokens";
import { apartness, headOf, movedApart, withHead } from "./heads";
import { perplexity, scored } from "./pruning";
import { allTrainingPairs, heldOutPairs, heldOutPrompts, trainingPairs, trainingPrompts } from "./review-pairs";
import { conversations, documents, heldOutDocuments } from "./stages-data";
import { rowsFile, sideBySide, trace } from "./trace";

/** What a model is worth after a stage. */
export interface Worth {
  /** How far praise and blame lie apart in its output head (heads.ts). */
  apart: number;
  /** A token of held-out documents: film reviews, and sums and lists, which no stage after pre-training sees. */
  reviews: number;
  sums: number;
  /** Of held-out answers, which SFT imitates: nats a token, and of their first tokens alone. */
  sft: number;
  first: number;
  /** Oracle reward of its answers to held-out prompts, and their length in tokens. */
  gold: number;
  tokens: number;
  /** KL to the stage before along these answers, nats a token; the first has none. */
  kl?: number | undefined;
}
/** results/stages.json */
export interface StagesResult {
  steps: typeof steps;
  documents: number;
  prompts: number;
  /** Share of held-out pairs that the reward model from SFT puts in order, by seed. */
  rewardAccuracy: number[];
  stages: { name: string; before: string | null; seeds: Worth[] }[];
}

const seeds = [0, 1, 2];
const steps = { pretraining: 400, sft: 120, reward: 300, policy: 120 }; // those of the form
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

/**
 * The stages, and what each goes on from; documents are mixed into SFT once to see what that saves. Those without a key are models whose heads have
 * changed places or been moved (`exchanged`). Where the head is kept, the stage before is worked into the base: over it a LoRA leaves the head unchanged.
 */
const stages = [
  { name: "pre-training", key: "pretraining", before: null },
  { name: "SFT", key: "sft", before: "pre-training" },
  { name: "DPO", key: "dpo", before: "SFT" },
  { name: "SFT's states, DPO's head", key: null, before: "SFT" },
  { name: "DPO's states, SFT's head", key: null, before: "SFT" },
  { name: "DPO, the head kept", key: "dpo", before: "SFT", keepsHead: true },
  { name: "SFT, praise and blame moved apart in the head", key: null, before: "SFT" },
  { name: "DPO, that head kept", key: "dpo", before: "SFT, praise and blame moved apart in the head", keepsHead: true },
  { name: "PPO", key: "ppo", before: "SFT" },
  { name: "PPO, the head kept", key: "ppo", before: "SFT", keepsHead: true },
  { name: "SFT with documents", key: "sft", before: "pre-training" },
  { name: "DPO after it", key: "dpo", before: "SFT with documents" },
] as const satisfies { name: string; key: StepKey | null; before: string | null; keepsHead?: true }[];
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

/** What a stage left behind, and what that stands on. */
interface Left {
  base: string;
  output: string;
}

/** Trains a chain of stages. Returns what each left behind, by its name, and how good the reward model is. */
async function chain(seed: number, files: Files): Promise<{ left: Map<string, Left>; rewardAccuracy: number }> {
  const left = new Map<string, Left>();
  let rewardAccuracy = Number.NaN;
  const train = async (stage: { name: string; key: StepKey }, places: Record<string, string>, whole?: string) => {
    const config = inPlace(stepOf(stage.key), places);
    const data = { ...(config.data as object), heldOut: 0, ...dataOf(stage, files, seed) };
    const base = whole ?? left.get("pre-training")?.output ?? "tiny";
    const own = whole ? { adapter: { rank: 16, alpha: 32 }, reference: "base" } : {};
    const { output, rows } = await trace({ ...config, ...own, seed, data, model: { source: base, dtype: "float32" } });
    say(`seed ${seed}: ${stage.name} is trained`);
    left.set(stage.name, { base, output });
    if (stage.key === "reward") rewardAccuracy = rows.at(-1)!.eval_accuracy!;
  };
  for (const stage of stages) {
    const before = stage.before ? left.get(stage.before) : undefined;
    const places = before ? { [placeOf("sft")]: before.output } : {};
    if (stage.key === null) left.set(stage.name, await exchanged(stage.name, left, seed));
    else if ("keepsHead" in stage)
      await train(stage, { [placeOf("reward")]: left.get("reward model")?.output ?? "" }, await merged(before!));
    else {
      if (stage.key === "ppo") await train({ name: "reward model", key: "reward" }, places);
      await train(stage, { ...places, [placeOf("reward")]: left.get("reward model")?.output ?? "" });
    }
  }
  return { left, rewardAccuracy };
}

/** A base with what a stage has learnt, its head too, worked in. */
async function merged({ base, output }: Left): Promise<string> {
  if (isWholeModel(output)) return output;
  const folder = join(output, "..", "merged");
  const files = await readModel(base);
  if (!existsSync(folder)) writeMerged(folder, files, readAdapter(output, files.config));
  return folder;
}

/** SFT or DPO with the other's head, or SFT with one in which praise and blame lie as far apart as in DPO's. */
async function exchanged(name: string, left: Map<string, Left>, seed: number): Promise<Left> {
  const [sft, dpo] = await Promise.all(["SFT", "DPO"].map(async (stage) => readModel(await merged(left.get(stage)!))));
  const made = {
    "SFT's states, DPO's head": () => withHead(sft!, headOf(dpo!)),
    "DPO's states, SFT's head": () => withHead(dpo!, headOf(sft!)),
    "SFT, praise and blame moved apart in the head": () => withHead(sft!, movedApart(sft!, apartness(dpo!), seed)),
  }[name]!();
  const folder = join(left.get("DPO")!.output, "..", name);
  if (!existsSync(folder)) writeModel(folder, made, "float32");
  return { base: folder, output: folder };
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
        first: firstTokens(model, answers),
        gold: mean(own.map((ids) => goldReward(tokenizer.decode(ids).trim()))),
        tokens: mean(own.map((ids) => ids.length)),
        apart: apartness(files),
        kl: before === null ? undefined : distance(model, modelOf(before), batch).kl.mean,
      };
    });
}

async function worthOf(seed: number, files: Files): Promise<{ found: Worth[]; rewardAccuracy: number }> {
  const { left, rewardAccuracy } = await chain(seed, files);
  const filesAfter = (name: string) => tunedFiles(left.get(name)!.base, left.get(name)!.output);
  const measure = measureOf(await filesAfter("pre-training"));
  const found: Worth[] = [];
  for (const { name, before } of stages as readonly Stage[]) {
    const worth = measure(await filesAfter(name), before === null ? null : await filesAfter(before));
    say(`seed ${seed}, ${name}: ${JSON.stringify(worth)}`);
    found.push(worth);
  }
  return { found, rewardAccuracy };
}

export async function stagesOfAModel(): Promise<void> {
  const texts = await documents();
  const files = await filesOf(texts);
  const bySeed = await sideBySide(seeds, (seed) => worthOf(seed, files));
  const result: StagesResult = {
    ...{ steps, documents: texts.length, prompts: heldOutPrompts.length },
    rewardAccuracy: bySeed.map((one) => one.rewardAccuracy),
    stages: stages.map(({ name, before }, i) => ({ name, before, seeds: bySeed.map(({ found }) => found[i]!) })),
  };
  writeFileSync("tools/studies/results/stages.json", `${JSON.stringify(result, null, 1)}\n`);
}
