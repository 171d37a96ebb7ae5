// What packing did to a model, on rows that it was not calibrated on: the packed folder as it is read here, beside the model that it was made of.
import type { Packed } from "../../spec/packed";
import { mean } from "../../spec/statistics";
import type { Tokens } from "../data/tokenize";
import { tf } from "../engine/tensorflow";
import { distances, modelOf, type Read, readBy } from "../evaluation/distance";
import { meanOf } from "../evaluation/on-policy";
import { microBatches, scoredTokens, type TokenBatch, tokenBatch } from "../inference/batches";
import { scoresOf } from "../inference/policy";
import { sumOfScored } from "../inference/scored-tokens";
import { floatBytes } from "../models/families";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { weightBytes } from "../models/formats/weight-files";
import { readModel } from "../models/load";
import type { Model } from "../models/model";
import type { How } from "./pack";
import type { PackingRows } from "./rows";

/** Of the model in `folder`, which was made of `files`. */
export async function measured(files: LoadedFiles, folder: string, how: How, rows: PackingRows): Promise<Packed> {
  const after = await readModel(folder);
  return {
    ...how,
    rows: { calibrated: rows.calibrated.length, measured: rows.measured.length },
    bytes: { before: floatBytes(files.config), after: weightBytes(folder) },
    ...compared(modelOf(files), modelOf(after), rows.measured, files.tokenizer.pad),
  };
}

/** Columns of a batch at most. */
const columnsAtOnce = 4096;

export function compared(
  before: Model,
  after: Model,
  rows: Tokens[],
  pad: number,
): Pick<Packed, "perplexity" | "kl" | "sameTop"> {
  const parts = microBatches(rows, (row) => [row], columnsAtOnce).map((part) =>
    tf.tidy(() => {
      const groups = part.map((row) => [row]);
      const batch = tokenBatch(groups, pad);
      const [a, b] = [readBy(before, batch), readBy(after, batch)];
      return { ...distances(a, b, batch), nats: [natsOf(a, batch), natsOf(b, batch)] };
    }),
  );
  const tokens = rows.reduce((sum, row) => sum + scoredTokens(row), 0);
  const perplexity = (which: 0 | 1) => Math.exp(parts.reduce((sum, { nats }) => sum + nats[which]!, 0) / tokens);
  return {
    perplexity: { before: perplexity(0), after: perplexity(1) },
    kl: meanOf(parts.flatMap(({ kl }) => kl)),
    sameTop: mean(parts.flatMap(({ same }) => same)),
  };
}

/** The negative log-likelihood of all tokens that are scored. */
function natsOf({ model, states }: Read, batch: TokenBatch): number {
  const { logProbs } = scoresOf(states, { model, adapter: null }, batch);
  return -sumOfScored(logProbs, batch).sum().dataSync()[0]!;
}
