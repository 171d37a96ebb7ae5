// A folder in which TRL trains what a run would train: its script, the rows, their order, and where the adapter starts.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { modelPath } from "../../common/model-paths";
import { asPairs, asSupervised } from "../../common/rows/rows";
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import { evaluates, type Scripted, scripted, trlScript } from "../../spec/trl-script";
import { readAdapter, writeAdapter } from "../adapters/files";
import { createAdapter } from "../adapters/kinds";
import { writeModel } from "../adapters/merge";
import { type Dataset, type Example, type Make, readDataset } from "../data/dataset";
import { mixed } from "../data/mixed";
import { batchRows } from "../data/row-batches";
import { tokenizePair, tokenizeSupervised } from "../data/tokenize";
import { tf } from "../engine/tensorflow";
import { headName } from "../models/head-name";
import { readModel } from "../models/load";
import { createHead } from "../models/score-head";
import type { ChatTokenizer } from "../models/tokenizer";
import { frozenWeights } from "../models/weights";
import { parametersOf } from "../run/memory";

/** Of the run. */
export interface Exported {
  rows: number;
  heldOut: number;
  steps: number;
  /** Numbers that are trained. */
  parameters: number;
}

export async function exportTrl(asked: RunConfig, folder: string): Promise<Exported> {
  const config = scripted(asked);
  const files = await readModel(config.model.source);
  const { tokenizer, config: model, host } = files;
  const { train, heldOut } = await rowsFor(config, tokenizer);
  const perStep = methodOf(config).rowsPerStep(config);
  const steps = config.maxSteps ?? Math.ceil((config.epochs * train.length) / perStep);
  const path = resolve(modelPath(config.model.source));
  const isFolder = !path.endsWith(".gguf"); // Transformers reads folders
  const script = trlScript(config, isFolder ? path : null, steps);
  mkdirSync(folder, { recursive: true });
  if (!isFolder) writeModel(join(folder, "model"), files, "float32");
  const { adapter } = config;
  let parameters = parametersOf(model);
  if (adapter) {
    const start = adapter.init
      ? readAdapter(adapter.init, model)
      : createAdapter(model, adapter, config.seed, frozenWeights(model, host, config.model.dtype, null));
    const head = config.method === "reward" ? createHead(config.reward.headInit, model.hiddenSize, config.seed) : null;
    const weights = new Map([...start.weights, ...(head ? [[headName, head] as const] : [])]);
    parameters = [...weights.values()].reduce((sum, { size }) => sum + size, 0);
    writeAdapter(join(folder, "adapter"), { ...start, weights }, config.model.source);
    tf.disposeVariables();
  }
  const index = new Map(train.map((example, i) => [example, i]));
  const rows = mixed(train, config.seed);
  const order = Array.from({ length: steps }, (_, step) =>
    batchRows(rows, perStep, step, config.data.order, config.seed).map((example) => index.get(example)!),
  );
  writeRows(join(folder, "rows.jsonl"), train);
  if (evaluates(config)) writeRows(join(folder, "held-out.jsonl"), heldOut);
  writeFileSync(join(folder, "order.json"), JSON.stringify(order.flat()));
  writeFileSync(join(folder, "train.py"), script);
  return { rows: train.length, heldOut: heldOut.length, steps, parameters };
}

const writeRows = (path: string, rows: Example<object>[]): void =>
  writeFileSync(path, rows.map(({ tokens }) => `${JSON.stringify(tokens)}\n`).join(""));

/** The run's rows as TRL reads them, without those that the run leaves out. */
function rowsFor(config: Scripted, tokenizer: ChatTokenizer): Promise<Dataset<object>> {
  const { maxLength } = config.data;
  const make: Make<object> = (read, rendering) => {
    if (config.method === "sft") {
      const row = asSupervised(read);
      const fits = tokenizeSupervised(tokenizer, row, maxLength, config.sft.completionOnlyLoss, rendering) !== null;
      const { prompt, completion } = row;
      return { prompt, rows: fits ? [prompt === "" ? { text: completion } : { prompt, completion }] : [] };
    }
    const { prompt, pairs } = asPairs(read);
    const margin = config.method === "reward" ? read.columns[config.reward.marginColumn] : undefined;
    const fitting = pairs.filter(
      (pair) => tokenizePair(tokenizer, pair, maxLength, config.method === "reward", rendering) !== null,
    );
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
