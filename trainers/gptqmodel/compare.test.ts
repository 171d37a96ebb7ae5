import { expect, test } from "vitest";
import { packedFolder, unpackedFolder } from "../../test/packed-golden";
import { tf } from "../engine/tensorflow";
import { modelOf } from "../evaluation/distance";
import { tokenBatch } from "../inference/batches";
import { answerStates } from "../inference/policy";
import { readModel } from "../models/load";
import type { Model } from "../models/model";
import { headOf } from "../models/transformer";
import { compared } from "./compare";
import { packingRows } from "./rows";

const files = await readModel(unpackedFolder());
const { measured } = await packingRows("data/golden/trajectories/sft.jsonl", files, () => {});
const { pad } = files.tokenizer;
const [before, gptq] = [modelOf(files), modelOf(await readModel(packedFolder("gptq")))];

test("a model beside itself has not moved", () => {
  const { perplexity, kl, sameTop } = compared(before, before, measured, pad);
  expect(perplexity.after).toBe(perplexity.before);
  expect(Math.abs(kl.mean)).toBeLessThan(1e-6);
  expect(sameTop).toBe(1);
});

/** log p of every token of the vocabulary before each scored token of a row. → [answer tokens][V] */
function logProbsOf(model: Model, row: (typeof measured)[number]): number[][] {
  return tf.tidy(() => {
    const states = answerStates(model, null, tokenBatch([[row]], pad));
    const { weight } = headOf(model, null);
    return tf.logSoftmax(tf.matMul(states, weight, false, true)).arraySync() as number[][];
  });
}

test("perplexity is over all tokens, KL and the likeliest token over those of each row, as the whole distributions have them", () => {
  const rows = measured.map((row) => {
    const [p, q] = [logProbsOf(before, row), logProbsOf(gptq, row)];
    const first = Math.max(1, row.completion_mask.indexOf(1));
    const scored = row.input_ids.slice(first).map((id, t) => ({ id, p: p[t]!, q: q[t]! }));
    const likeliest = (logs: number[]) => logs.indexOf(Math.max(...logs));
    return {
      count: scored.length,
      before: scored.reduce((sum, { id, p }) => sum - p[id]!, 0),
      after: scored.reduce((sum, { id, q }) => sum - q[id]!, 0),
      kl: mean(scored.map(({ p, q }) => p.reduce((sum, log, v) => sum + Math.exp(log) * (log - q[v]!), 0))),
      same: mean(scored.map(({ p, q }) => (likeliest(p) === likeliest(q) ? 1 : 0))),
    };
  });
  const tokens = rows.reduce((sum, { count }) => sum + count, 0);
  const found = compared(before, gptq, measured, pad);
  for (const when of ["before", "after"] as const)
    expect(Math.log(found.perplexity[when])).toBeCloseTo(rows.reduce((sum, row) => sum + row[when], 0) / tokens, 5);
  expect(found.kl.mean).toBeCloseTo(mean(rows.map(({ kl }) => kl)), 5);
  expect(found.kl.mean).toBeGreaterThan(1e-4); // it can tell
  expect(found.sameTop).toBeCloseTo(mean(rows.map(({ same }) => same)), 10);
});

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
