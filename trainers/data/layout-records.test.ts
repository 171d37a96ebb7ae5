// The ids and masks of every layout's file are those of TRL's or LLaMA-Factory's own pipeline (data/layouts/make-records.py).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { anyRow, asRanking, asSupervised, asUnpaired, readRows } from "../../common/rows/rows";
import { readTokenizer } from "../models/tokenizer";
import { type Tokens, tokenizeList, tokenizePair, tokenizeSupervised } from "./tokenize";

const tokens = z.object({ input_ids: z.array(z.number()), completion_mask: z.array(z.number()) });
const records = z
  .record(z.string(), z.object({ version: z.string(), files: z.record(z.string(), z.array(z.array(tokens))) }))
  .parse(JSON.parse(readFileSync(join("data", "layouts", "records.json"), "utf8")));
const tokenizer = readTokenizer("data/golden/trajectories/model");

/** The sequences of each row. */
async function ours(name: string): Promise<(Tokens | null | undefined)[][]> {
  const { good, bad } = await readRows(join("data", "layouts", name), anyRow);
  expect(bad).toEqual([]);
  const long = 10_000;
  return good.flatMap((row): (Tokens | null | undefined)[][] => {
    if (row.kind === "preference") {
      const made = tokenizePair(tokenizer, row, long);
      return [[made?.chosen, made?.rejected]];
    }
    if (row.kind === "ranking") return tokenizeList(tokenizer, asRanking(row), long)!.answers.map((one) => [one]);
    if (row.kind === "unpaired") {
      const { prompt, answers } = asUnpaired(row);
      return answers.map(({ completion }) => [tokenizeSupervised(tokenizer, { prompt, completion }, long, true)]);
    }
    return [[tokenizeSupervised(tokenizer, asSupervised(row), long, true)]];
  });
}

const all = Object.entries(records).flatMap(([peer, { files }]) =>
  Object.keys(files).map((name) => [name, peer] as const),
);

test.each(all)("C12: %s has the ids and masks of %s", async (name, peer) => {
  expect(await ours(name)).toEqual(records[peer]!.files[name]);
});
