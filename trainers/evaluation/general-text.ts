// The alignment tax (Ouyang et al. 2022, arXiv 2203.02155): how much a policy has forgotten of text unrelated to its training data.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chunks } from "../data/row-batches";
import type { Adapter } from "../engine/adapter";
import { compile, free } from "../engine/jit/compile";
import { tokenBatch } from "../inference/batches";
import { tokenLogProbs } from "../inference/policy";
import { sumOfScored } from "../inference/scored-tokens";
import type { Model } from "../models/model";
import { longestSequence } from "../models/position-limit";
import type { ChatTokenizer } from "../models/tokenizer";

/** Eight passages on as many subjects, written for this project. */
const file = join(import.meta.dirname, "../../data/general.txt");

/** exp of the mean negative log-likelihood a token, over the passages' tokens after the first. */
export function createPerplexity(model: Model, policy: Adapter | null, tokenizer: ChatTokenizer): () => number {
  const passages = readFileSync(file, "utf8").trim().split("\n\n");
  const rows = passages.map((passage) => {
    const ids = tokenizer.encode(passage).slice(0, Math.min(longest, longestSequence(model.config, policy)));
    return [{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }];
  });
  const tokens = rows.reduce((sum, [row]) => sum + row!.input_ids.length - 1, 0);
  const score = compile((batch: ReturnType<typeof tokenBatch>) =>
    sumOfScored(tokenLogProbs(model, policy, batch), batch),
  );
  return () => {
    const sums = chunks(rows, 4).map((part) => {
      const batch = tokenBatch(part, tokenizer.pad);
      const logProbs = score(batch);
      const sum = [...logProbs.dataSync()].reduce((a, b) => a + b, 0);
      free([batch, logProbs]);
      return sum;
    });
    return Math.exp(-sums.reduce((a, b) => a + b, 0) / tokens);
  };
}

/** `tiny` knows no longer texts, and few of their words: it needs a token for every other letter. */
const longest = 256;
