// The rows of a run, read by its method's training code, and the checks and notes before the first step.
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import type { TrainingData } from "../data/dataset";
import { mixed } from "../data/mixed";
import { ptxTexts } from "../data/ptx-texts";
import { writeTokenFile } from "../data/token-file";
import { singleGroup, type Tokens } from "../data/tokenize";
import { columns, layoutOf } from "../inference/batches";
import { trainingOf } from "../methods/methods";
import type { LoadedFiles } from "../models/formats/loaded-files";
import type { ChatTokenizer } from "../models/tokenizer";
import { checkMasks } from "./checks";
import type { Observer } from "./observer";
import { preflight, summary } from "./preflight";

export interface RunData {
  /** Its training rows by the weights of their sets. */
  dataset: TrainingData<unknown>;
  /** Every row as the sequences that share its prompt, each once. */
  groups: { train: Tokens[][]; heldOut: Tokens[][] };
  /** The longest that sampling may make of rows, where it makes others of them. */
  sampled: Tokens[];
  /** What PPO-ptx learns beside completions. */
  texts: Tokens[];
  /** The training rows as a token file lays them out, each once. */
  tokenFileRows: unknown[];
  /** Columns of the longest group in a batch, and of the longest of these texts. */
  longestRow: number;
  longestText: number;
}

/** The rows of a run. */
export async function prepareData(config: RunConfig, tokenizer: ChatTokenizer): Promise<RunData> {
  const training = trainingOf(config);
  const read = await training.readRows(config, tokenizer);
  const grouped = (examples: typeof read.train) => examples.map(({ tokens }) => training.sequences(tokens, config));
  const groups = { train: grouped(read.train), heldOut: grouped(read.heldOut) };
  const longest = (most: number, group: Tokens[]) => Math.max(most, columns(layoutOf([group])));
  const sampled = [...read.train, ...read.heldOut].flatMap(({ tokens }) => {
    const row = training.longest?.(tokens, config);
    return row ? [row] : [];
  });
  const mix = await ptxTexts(config, tokenizer);
  const texts = mix.train.map(({ tokens }) => tokens);
  const train = mixed(read.train, config.seed);
  const repeated = Array.isArray(train)
    ? []
    : [`by their weights an epoch holds ${train.length} rows of ${read.train.length}`];
  return {
    dataset: { ...read, train, notes: [...read.notes, ...repeated, ...mix.notes] },
    groups,
    sampled,
    texts,
    tokenFileRows: read.train.map(({ tokens }) => training.tokenFileRow?.(tokens) ?? tokens),
    longestRow: [...groups.train, ...groups.heldOut, ...sampled.map(singleGroup)].reduce(longest, 0),
    longestText: texts.map(singleGroup).reduce(longest, 0),
  };
}

/** Logs notes on model and rows; throws if a row has no token to learn from. Writes the token file, if one is asked for. */
export function checkData(
  config: RunConfig,
  { observer: { note, checked }, tokensFile }: { observer: Observer; tokensFile?: string },
  { notes, tokenizer }: LoadedFiles,
  { dataset, groups, texts, tokenFileRows }: RunData,
): void {
  for (const sentence of [...notes, ...dataset.notes]) note(sentence);
  checked(checkMasks([...groups.train, ...groups.heldOut, ...texts.map(singleGroup)]));
  if (!methodOf(config).onPolicy) {
    const report = preflight(groups.train, groups.heldOut, config.data.maxLength);
    for (const sentence of [summary(report), ...report.warnings]) note(sentence);
  }
  if (tokensFile) writeTokenFile(tokensFile, tokenizer.pad, tokenFileRows);
}
