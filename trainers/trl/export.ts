// A folder in which TRL trains what a run would train: its script, the rows, their order, and where the adapter starts.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execPath } from "node:process";
import { modelPath } from "../../common/model-paths";
import { asPairs, asSupervised, asUnpaired, type SupervisedRow } from "../../common/rows/rows";
import { wholeAnswers } from "../../common/rows/whole-answers";
import type { LoraOptions } from "../../spec/adapters/lora";
import type { RunConfig } from "../../spec/config";
import { FieldError } from "../../spec/field-error";
import { scorerIn } from "../../spec/trl/grpo";
import { type Scripted, scripted } from "../../spec/trl/problems";
import { trlScript } from "../../spec/trl/script";
import { readAdapter, writeAdapter } from "../adapters/files";
import { createAdapter } from "../adapters/kinds";
import { startOfScorer } from "../adapters/lora/modules-to-save";
import { writeModel } from "../adapters/merge";
import { withNamedTargets } from "../adapters/named-targets";
import { type Dataset, type Example, type Make, readDataset } from "../data/dataset";
import { mixed } from "../data/mixed";
import { tokenizePair, tokenizeSupervised } from "../data/tokenize";
import type { Adapter } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "../models/config";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { headName } from "../models/head-name";
import { readModel } from "../models/load";
import { createHead } from "../models/score-head";
import type { ChatTokenizer } from "../models/tokenizer";
import { frozenWeights } from "../models/weights";
import { plainNumbers } from "../programs/own-function";
import { fromAnywhere } from "../rewards/from-anywhere";
import { parametersOf } from "../run/memory";
import { takenRows } from "../run/taken-rows";
import { promptsFor } from "./prompts";

/** Of the run. */
export interface Exported {
  rows: number;
  heldOut: number;
  steps: number;
  /** What is to be known of the data: rows left out, and why. */
  notes: string[];
  /** Numbers that are trained. */
  parameters: number;
}

export async function exportTrl(asked: RunConfig, folder: string): Promise<Exported> {
  const files = await readModel(asked.model.source);
  const config = withNamedTargets(scripted(asked), files.config);
  const { tokenizer, config: model } = files;
  const { train, heldOut, notes } = await rowsFor(config, tokenizer);
  const { steps, taken } = takenRows(config, mixed(train, config.seed));
  const path = resolve(modelPath(config.model.source));
  const isFolder = !path.endsWith(".gguf"); // Transformers reads folders
  const scorer = scorerIn(execPath, resolve(import.meta.dirname, "..", ".."));
  const script = trlScript(config, isFolder ? path : null, steps, heldOut.length > 0, scorer);
  mkdirSync(folder, { recursive: true });
  if (!isFolder) writeModel(join(folder, "model"), files, "float32");
  const parameters = config.adapter ? writeStart(config, files, join(folder, "adapter")) : parametersOf(model);
  tf.disposeVariables();
  const index = new Map(train.map((example, i) => [example, i]));
  writeRows(join(folder, "rows.jsonl"), train);
  writeRows(join(folder, "held-out.jsonl"), heldOut);
  writeFileSync(join(folder, "order.json"), JSON.stringify(taken.map((example) => index.get(example)!)));
  if (config.method === "grpo") writeFileSync(join(folder, "run.json"), JSON.stringify(fromAnywhere(config)));
  writeFileSync(join(folder, "train.py"), script);
  return { rows: train.length, heldOut: heldOut.length, steps, notes, parameters };
}

/** Writes where the adapter starts, and returns how many numbers it has. */
function writeStart(config: Scripted, { config: model, host }: LoadedFiles, folder: string): number {
  const adapter = config.adapter as LoraOptions;
  return tf.tidy(() => {
    const base = () => frozenWeights(model, host, config.model.dtype);
    const start = adapter.init
      ? startIn(adapter.init, config, model)
      : createAdapter(
          model,
          adapter,
          config.seed,
          adapter.dora || adapter.modulesToSave.length > 0 ? base() : undefined,
        );
    if (start.tuner.config.peft_type !== "LORA")
      throw new FieldError("adapter.init", `the script trains LoRA, and this is ${start.tuner.config.peft_type}`);
    const head = config.method === "reward" ? createHead(config.reward.headInit, model.hiddenSize, config.seed) : null;
    const weights = new Map([...start.weights, ...(head ? [[headName, head] as const] : [])]);
    writeAdapter(folder, { ...start, weights }, config.model.source);
    return [...weights.values()].reduce((sum, { size }) => sum + size, 0);
  });
}

function startIn(folder: string, { method }: Scripted, model: ModelConfig): Adapter {
  const saved = readAdapter(folder, model);
  return method === "reward" ? startOfScorer(saved) : saved;
}

const writeRows = (path: string, rows: Example<object>[]): void =>
  writeFileSync(path, rows.map(({ tokens }) => `${JSON.stringify(tokens, plainNumbers)}\n`).join(""));

/** The run's rows as TRL reads them, without those that the run leaves out. */
function rowsFor(config: Scripted, tokenizer: ChatTokenizer): Promise<Dataset<object>> {
  if (config.method === "grpo") return promptsFor(config, tokenizer);
  const { maxLength } = config.data;
  const make: Make<object> = (read, rendering) => {
    const answered = (row: SupervisedRow, completionOnly = true) =>
      tokenizeSupervised(tokenizer, row, maxLength, completionOnly, rendering) !== null;
    if (config.method === "sft") {
      const row = asSupervised(read);
      const { prompt, completion } = row;
      const fits = answered(row, config.sft.completionOnlyLoss);
      return { prompt, rows: fits ? [prompt === "" ? { text: completion } : { prompt, completion }] : [] };
    }
    if (config.method === "kto") {
      const { prompt, answers } = asUnpaired(read);
      return { prompt, rows: answers.map((answer) => ({ prompt, ...answer })).filter((row) => answered(row)) };
    }
    const isReward = config.method === "reward";
    const { prompt, pairs: given } = asPairs(read);
    const pairs = given.map(wholeAnswers);
    const margin = isReward ? read.columns[config.reward.marginColumn] : undefined;
    const fitting = pairs.filter((pair) => tokenizePair(tokenizer, pair, maxLength, isReward, rendering) !== null);
    return {
      prompt,
      rows: fitting.map(({ prompt, chosen, rejected }) => ({
        ...{ prompt, chosen, rejected },
        ...(margin !== undefined && { margin: Number(margin) }),
      })),
    };
  };
  return readDataset(config, tokenizer, make);
}
