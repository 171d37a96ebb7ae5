// A folder in which OpenRLHF trains what a run would train: its command, and the rows in its formats.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execPath } from "node:process";
import { modelPath } from "../../common/model-paths";
import type { RunConfig } from "../../spec/config";
import { isSampled, type Sampled } from "../../spec/methods/sampling-of";
import { openRlhfCommand } from "../../spec/openrlhf/command";
import { openRlhfNotes } from "../../spec/openrlhf/notes";
import { type Exportable, exportable } from "../../spec/openrlhf/problems";
import { remoteReward } from "../../spec/openrlhf/sampled";
import { writeModel } from "../adapters/merge";
import { withNamedTargets } from "../adapters/named-targets";
import { type Example, forReward } from "../data/dataset";
import type { PairTokens, Tokens } from "../data/tokenize";
import { readModel } from "../models/load";
import { fromAnywhere } from "../rewards/from-anywhere";
import { prepareData } from "../run/prepare";
import { takenRows } from "../run/taken-rows";
import { createTexts, type Texts } from "./rows";

interface Exported {
  rows: number;
  heldOut: number;
  steps: number;
  /** What is to be known: rows left out, and what OpenRLHF does otherwise. */
  notes: string[];
}

export async function exportOpenRlhf(asked: RunConfig, folder: string): Promise<Exported> {
  const files = await readModel(asked.model.source);
  const config = withNamedTargets(exportable(asked), files.config);
  const { dataset } = await prepareData(config, files.tokenizer);
  const { steps, taken } = takenRows(config, dataset.train);
  const texts = createTexts(files.tokenizer, config.data.maxLength);
  const write = rowWriter(config, texts);
  const [rows, heldOut] = [taken.map(write), dataset.heldOut.map(write)];
  const path = resolve(modelPath(config.model.source));
  const isFolder = !path.endsWith(".gguf"); // Transformers reads folders
  const notes = brokenNote(texts.broken());
  mkdirSync(folder, { recursive: true });
  if (!isFolder) writeModel(join(folder, "model"), files, "float32");
  writeLines(join(folder, "rows.jsonl"), rows);
  if (heldOut.length > 0) writeLines(join(folder, "held-out.jsonl"), heldOut);
  if (isSampled(config))
    writeFileSync(join(folder, "run.json"), JSON.stringify(fromAnywhere({ ...config, distributed: inOneProcess })));
  const command = openRlhfCommand(config, {
    model: isFolder ? path : null,
    rows: { heldOut: heldOut.length > 0, margins: rows.some((row) => "margin" in row) },
    workbench: workbenchIn(execPath, resolve(import.meta.dirname, "..", "..")),
    notes,
  });
  writeFileSync(join(folder, "train.sh"), command, { mode: 0o755 });
  const otherwise = [...openRlhfNotes(config), ...notes];
  return { rows: rows.length, heldOut: heldOut.length, steps, notes: [...dataset.notes, ...otherwise] };
}

/** What scores completions does not train on the GPUs. */
const inOneProcess: RunConfig["distributed"] = { processes: 1, zeroStage: 0, offload: "none" };

/** Words that start a command of the workbench from any folder. */
const workbenchIn = (node: string, workbench: string) => [node, `${workbench}/scripts/program.mjs`, "trainers/cli.ts"];

const brokenNote = (broken: number): string[] =>
  broken === 0
    ? []
    : [`OpenRLHF ends an answer at its end token: the line break that the chat template puts after it is not learned.`];

const writeLines = (path: string, rows: object[]): void =>
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

type Row = Record<string, unknown>;

/** A row once it is tokens, as the run's method reads it, as OpenRLHF's dataset for it. */
function rowWriter(config: Exportable, texts: Texts): (example: Example<unknown>) => Row {
  if (isSampled(config))
    return (example) => ({ prompt: texts.whole(example.promptIds), label: labelOf(config, example) });
  if (config.method === "sft") {
    const { completionOnlyLoss } = config.sft;
    const row = (tokens: Tokens) =>
      completionOnlyLoss ? texts.answered(tokens) : { text: texts.whole(tokens.input_ids) };
    return ({ tokens }) => row(tokens as Tokens);
  }
  return ({ tokens }) => texts.pair(tokens as PairTokens);
}

/** What the reward reads of a row; an address that is not the workbench's is sent none by the run either. */
const labelOf = (config: Sampled, example: Example<unknown>): string =>
  remoteReward(config) === null ? JSON.stringify({ prompt: example.prompt, ...forReward(example) }) : "";
