// Rows that are token ids already, laid out as in data/golden/trajectories/tokens_*.json: read instead of text, and written by --tokens.
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { StepTokens } from "./steps";
import { commonPrefix, type PairTokens, type Tokens } from "./tokenize";

const ids = z.array(z.int().min(0)).min(2);
const mask = z.array(z.int().min(0).max(1));
const alike = { message: "input_ids and completion_mask differ in length" };
const tokens = z
  .object({ input_ids: ids, completion_mask: mask })
  .refine((row) => row.input_ids.length === row.completion_mask.length, alike);
export const pairRow = z.object({ chosen: tokens, rejected: tokens });
export const singleRow = tokens;
export const rankedTokens = z
  .object({ answers: z.array(tokens).min(2).max(10), ranks: z.array(z.number()) })
  .refine((row) => row.answers.length === row.ranks.length, { message: "answers and ranks differ in number" });
export const labelledRow = z
  .object({
    input_ids: ids,
    completion_mask: mask,
    label: z.boolean(),
    KL_input_ids: ids.optional(),
    KL_completion_mask: mask.optional(),
  })
  .refine((row) => row.input_ids.length === row.completion_mask.length, alike)
  .refine((row) => row.KL_input_ids?.length === row.KL_completion_mask?.length, alike);

/** A solution as TRL lays it out: a label at the token that ends each step, −100 elsewhere. */
export const judgedRow = z
  .object({ input_ids: ids, labels: z.array(z.union([z.literal(-100), z.literal(0), z.literal(1)])) })
  .refine((row) => row.input_ids.length === row.labels.length, { message: "input_ids and labels differ in length" })
  .refine(({ labels }) => labels.some((label) => label >= 0), { message: "no step is labelled" })
  .transform(
    ({ input_ids, labels }): StepTokens => ({
      input_ids,
      completion_mask: labels.map((label) => Number(label >= 0)),
      labels: labels.filter((label) => label >= 0).map((label) => label === 1),
    }),
  );

/** Pairs of whole rows without masks, as a reward model reads them: what the two share counts as prompt. */
export const wholePairRow = z
  .object({
    chosen: z.object({ input_ids: ids }),
    rejected: z.object({ input_ids: ids }),
    margin: z.number().optional(),
  })
  .transform(({ chosen, rejected, margin }): PairTokens => {
    const shortest = Math.min(chosen.input_ids.length, rejected.input_ids.length);
    const start = Math.min(commonPrefix(chosen.input_ids, rejected.input_ids), shortest - 1);
    const whole = ({ input_ids }: { input_ids: number[] }): Tokens => ({
      input_ids,
      completion_mask: input_ids.map((_, i) => (i < start ? 0 : 1)),
    });
    return { chosen: whole(chosen), rejected: whole(rejected), ...(margin !== undefined && { margin }) };
  });

/** The rows of a file. Throws with the row's number and the reason. */
export function readTokenFile<Row>(path: string, row: z.ZodType<Row>): Row[] {
  const file: unknown = JSON.parse(readFileSync(path, "utf8"));
  const { success, data, error } = z.object({ rows: z.array(row).min(1) }).safeParse(file);
  if (success) return data.rows;
  throw new Error(`${path}: ${error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")}`);
}

export function writeTokenFile(path: string, pad: number, rows: unknown[]): void {
  writeFileSync(path, JSON.stringify({ pad_id: pad, count: rows.length, rows }));
}
