// The rows of a run, read by its method's training code, and the checks and notes before the first step.
import type { RunConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import type { Dataset } from "../data/dataset";
import { writeTokenFile } from "../data/token-file";
import type { Tokens } from "../data/tokenize";
import { columns, layoutOf } from "../inference/batches";
import { trainingOf } from "../methods/methods";
import type { LoadedFiles } from "../models/formats/loaded-files";
import type { ChatTokenizer } from "../models/tokenizer";
import { checkMasks } from "./checks";
import type { Observer } from "./observer";
import { preflight, summary } from "./preflight";

export interface RunData {
  dataset: Dataset<unknown>;
  /** Every row as the sequences that share its prompt, training rows first. */
  groups: Tokens[][];
  /** The training rows as a token file lays them out. */
  tokenFileRows: unknown[];
  /** Columns of the longest group in a batch. */
  longestRow: number;
}

/** The rows of a run. */
export async function prepareData(config: RunConfig, tokenizer: ChatTokenizer): Promise<RunData> {
  const training = trainingOf(config);
  const dataset = await training.readRows(config, tokenizer);
  const groups = [...dataset.train, ...dataset.heldOut].map(({ tokens }) => training.sequences(tokens, config));
  return {
    dataset,
    groups,
    tokenFileRows: dataset.train.map(({ tokens }) => training.tokenFileRow?.(tokens) ?? tokens),
    longestRow: groups.reduce((most, group) => Math.max(most, columns(layoutOf([group]))), 0),
  };
}

/** Logs notes on model and rows; throws if a row has no token to learn from. Writes the token file, if one is asked for. */
export function checkData(
  config: RunConfig,
  { observer: { note, checked }, tokensFile }: { observer: Observer; tokensFile?: string },
  { notes, tokenizer }: LoadedFiles,
  { dataset, groups, tokenFileRows }: RunData,
): void {
  for (const sentence of [...notes, ...dataset.notes]) note(sentence);
  checked(checkMasks(groups));
  if (!methodOf(config).onPolicy) {
    const [train, heldOut] = [groups.slice(0, dataset.train.length), groups.slice(dataset.train.length)];
    const report = preflight(train, heldOut, config.data.maxLength);
    for (const sentence of [summary(report), ...report.warnings]) note(sentence);
  }
  if (tokensFile) writeTokenFile(tokensFile, tokenizer.pad, tokenFileRows);
}
