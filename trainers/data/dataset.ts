// A run's rows: read, tokenised, split by prompt, ordered by seed. The same seed and step give the same batch, so a
// resumed run needs no cursor but its step.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { microBatches } from "../batches";
import type { RunConfig } from "../config";
import type { Tree } from "../engine/jit/compile";
import type { Method, MicroBatch } from "../method";
import type { ChatTokenizer } from "../models/tokenizer";
import { createRandom, permutation } from "../random";
import { preferenceRow, readRows, supervisedRow, type Text } from "./rows";
import { type PairTokens, type Tokens, tokenizePair, tokenizePrompt, tokenizeSupervised } from "./tokenize";

export interface Example<Row> {
  tokens: Row;
  /** Null for rows that arrived as ids. */
  prompt: Text | null;
  promptIds: number[];
}

export interface Dataset<Row> {
  train: Example<Row>[];
  heldOut: Example<Row>[];
  /** Sentences for the log: lines that were no rows, rows that did not fit. */
  notes: string[];
}

const tokens = z.object({ input_ids: z.array(z.int().min(0)).min(2), completion_mask: z.array(z.int().min(0).max(1)) });
const pairTokens = z.object({ chosen: tokens, rejected: tokens });
const tokenFile = <T>(row: z.ZodType<T>) => z.object({ rows: z.array(row).min(1) });

export async function pairDataset(config: RunConfig, tokenizer: ChatTokenizer): Promise<Dataset<PairTokens>> {
  if (config.data.tokens)
    return fromTokens(tokenFile(pairTokens).parse(readJson(config.data.tokens)).rows, ({ chosen }) => chosen);
  return fromRows(config, preferenceRow, tokenizer, (row) => tokenizePair(tokenizer, row, config.data.maxLength));
}

export async function supervisedDataset(
  config: RunConfig & { method: "sft" },
  tokenizer: ChatTokenizer,
): Promise<Dataset<Tokens>> {
  if (config.data.tokens) return fromTokens(tokenFile(tokens).parse(readJson(config.data.tokens)).rows, (row) => row);
  return fromRows(config, supervisedRow, tokenizer, (row) =>
    tokenizeSupervised(tokenizer, row, config.data.maxLength, config.sft.completionOnly),
  );
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

function fromTokens<Row>(rows: Row[], one: (row: Row) => Tokens): Dataset<Row> {
  const train = rows.map((row) => ({
    tokens: row,
    prompt: null,
    promptIds: one(row).input_ids.slice(0, one(row).completion_mask.indexOf(1)),
  }));
  return { train, heldOut: [], notes: [] };
}

/** An evaluation should cost a few steps, whatever the size of the data. A held-out file of one's own is used whole. */
const heldOutRows = 256;

/** `snapshot:ID` is looked up in the database, anything else is a path. */
async function dataPath(source: string): Promise<string> {
  const id = /^snapshot:(\d+)$/.exec(source)?.[1];
  if (id) return (await import("../../lib/snapshots/store")).snapshotPath(Number(id));
  if (!existsSync(source)) throw new Error(`there is no data file at ${resolve(source)}`);
  return source;
}

async function fromRows<Source extends { prompt: Text }, Row>(
  { data, evalEvery, sampleEvery }: RunConfig,
  schema: z.ZodType<Source>,
  tokenizer: ChatTokenizer,
  tokenize: (row: Source) => Row | null,
): Promise<Dataset<Row>> {
  const notes: string[] = [];
  const load = async (source: string) => {
    const path = await dataPath(source);
    const { good, bad } = await readRows(path, schema);
    for (const { line, reason } of bad.slice(0, 5)) notes.push(`${path}:${line}: ${reason}`);
    if (bad.length) notes.push(`${path}: ${bad.length} of ${bad.length + good.length} lines left out`);
    const examples = good.flatMap((row) => {
      const row_ = tokenize(row);
      return row_ ? [{ tokens: row_, prompt: row.prompt, promptIds: tokenizePrompt(tokenizer, row.prompt) }] : [];
    });
    if (examples.length < good.length)
      notes.push(
        `${path}: ${good.length - examples.length} rows left out, their prompt alone reaches ${data.maxLength} tokens`,
      );
    return examples;
  };
  const all = await load(data.train!);
  const heldOutFile = data.eval ? await load(data.eval) : null;
  const split = heldOutFile === null && (evalEvery !== null || sampleEvery !== null);
  const train = split ? all.filter((row) => !isHeldOut(row.prompt)) : all;
  if (train.length === 0)
    throw new Error(`${data.train} holds no row to train on${notes.length ? `: ${notes.join("; ")}` : ""}`);
  return {
    train,
    heldOut: heldOutFile ?? (split ? all.filter((row) => isHeldOut(row.prompt)).slice(0, heldOutRows) : []),
    notes,
  };
}

/** A tenth of the prompts, chosen by their hash: every row of a prompt falls on the same side, in every run. */
export function isHeldOut(prompt: Text | null): boolean {
  return createHash("sha256").update(JSON.stringify(prompt)).digest().readUInt32LE(0) % 10 === 0;
}

/** How a method makes a batch of rows. */
export interface RowBatching<Row, Batch> {
  /** The sequences of a row, which share its prompt. */
  group(row: Row): Tokens[];
  micro(rows: Row[]): MicroBatch<Batch>;
}

/** What every method over a file of rows yields: the micro-batches of any optimiser step, and the held-out rows once. */
export function rowBatches<Row, Batch extends Tree>(
  { train, heldOut }: Dataset<Row>,
  { batchSize, gradientAccumulation, data, seed }: RunConfig,
  microBatchTokens: number,
  { group, micro }: RowBatching<Row, Batch>,
): Pick<Method<Batch>, "batches" | "heldOut"> {
  const split = (examples: Example<Row>[]) =>
    microBatches(
      examples.map((example) => example.tokens),
      group,
      microBatchTokens,
    ).map(micro);
  const rows = batchSize * gradientAccumulation;
  return {
    batches: (step) => split(batchRows(train, rows, step, data.order, seed)),
    heldOut: () => split(heldOut),
  };
}

/** Rows of optimiser step `index`, counted over epochs. Shuffled anew each epoch; wraps round so that every batch is full. */
export function batchRows<T>(
  rows: T[],
  size: number,
  index: number,
  order: "shuffled" | "sequential",
  seed: number,
): T[] {
  return Array.from({ length: size }, (_, i) => {
    const at = index * size + i;
    const epoch = Math.floor(at / rows.length);
    return rows[epochOrder(rows.length, order, seed, epoch)[at % rows.length]!]!;
  });
}

let remembered: { key: string; order: number[] } | undefined;
function epochOrder(count: number, order: "shuffled" | "sequential", seed: number, epoch: number): number[] {
  const key = `${count}/${order}/${seed}/${epoch}`;
  if (remembered?.key !== key)
    remembered = {
      key,
      order:
        order === "sequential"
          ? Array.from({ length: count }, (_, i) => i)
          : permutation(count, createRandom(seed, "order", epoch)),
    };
  return remembered.order;
}
