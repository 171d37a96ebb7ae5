// RoPE that depends on a row's length. Expected values: Transformers 5.23.0, by data/golden/rope/make-rope.py.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { familyWeights } from "../../../test/family-models";
import { compile } from "../../engine/jit/compile";
import { tf } from "../../engine/tensorflow";
import { type TokenBatch, tokenBatch } from "../../inference/batches";
import { sequenceLogProbs } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { hasOwnOps, parseModelConfig } from "../families";
import { frozenWeights } from "../weights";
import { rotaryFrequencies, rotaryScale } from "./rope-frequencies";
import { rotaryTables } from "./rotary";

interface Expected {
  config: Record<string, unknown>;
  frequencies: { length: number; values: number[]; scale: number }[];
  rows: { prompt: number[]; answer: number[]; logProb: number }[];
  greedy: { prompt: number[]; ids: number[] }[];
}
const { models } = JSON.parse(readFileSync("data/golden/rope/rope.json", "utf8")) as {
  models: Record<string, Expected>;
};
const cases = Object.entries(models);

const frozen = (json: Record<string, unknown>) => {
  const config = parseModelConfig(json);
  return { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute: "attention" as const };
};
const tokensOf = ({ prompt, answer }: Pick<Expected["rows"][number], "prompt" | "answer">) => ({
  input_ids: [...prompt, ...answer],
  completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
});

test.each(cases)("%s: frequencies and scale are Transformers', at each length", (_, { config: json, frequencies }) => {
  const config = parseModelConfig(json);
  const R = config.rotaryDims ?? config.headDim;
  for (const { length, values, scale } of frequencies) {
    const found = rotaryFrequencies(config, R, length);
    expect(found).toHaveLength(values.length);
    for (const [i, value] of values.entries()) expect(Math.abs(found[i]! / value - 1), `${length}`).toBeLessThan(1e-6);
    expect(Math.abs(rotaryScale(config) / scale - 1)).toBeLessThan(1e-6);
  }
});

test.each(cases)("%s: in a batch, each row turns by its own length", (_, { config: json, frequencies }) => {
  const config = parseModelConfig(json);
  const R = config.rotaryDims ?? config.headDim;
  const positions = tf.ones<tf.Rank.R2>([frequencies.length, 1], "int32");
  const lengths = tf.tensor1d(frequencies.map(({ length }) => length));
  const [cosines, sines] = rotaryTables(config, { positions, lengths });
  const scale = config.headDim ** -0.25;
  const [cos, sin] = [cosines, sines].map((table) => table.reshape([-1, R]).arraySync() as number[][]);
  for (const [row, { values, scale: factor }] of frequencies.entries())
    for (const [i, value] of [...values, ...values].entries()) {
      expect(Math.abs(cos![row]![i]! / (scale * factor) - Math.cos(value))).toBeLessThan(1e-6);
      expect(Math.abs(sin![row]![i]! / (scale * factor) - Math.sin(value))).toBeLessThan(1e-6);
    }
});

test.each(cases)("%s: log-probabilities are Transformers', below and above the old context", (_, { config, rows }) => {
  const model = frozen(config);
  expect(hasOwnOps(model.config)).toBe(false); // these turn all rows alike
  const batch = tokenBatch(
    rows.map((row) => [tokensOf(row)]),
    0,
  );
  const program = compile((given: typeof batch) => sequenceLogProbs(model, null, given));
  for (const found of [tf.tidy(() => sequenceLogProbs(model, null, batch).dataSync()), program(batch).dataSync()])
    rows.forEach(({ logProb }, i) => {
      expect(Math.abs(found[i]! / logProb - 1), `${rows[i]!.answer.length}`).toBeLessThan(1e-5);
    });
});

test.each(cases)("%s: answers to one prompt turn each by their own length", (_, { config, rows }) => {
  const model = frozen(config);
  const program = compile((batch: TokenBatch) => sequenceLogProbs(model, null, batch));
  const pairs = [
    [[0, 1]],
    [[2, 0]],
    [
      [1, 4],
      [3, 2],
    ],
    [
      [4, 0],
      [2, 2],
      [0, 3],
    ],
  ]; // two answers each, of one prompt and more
  for (const groups of pairs) {
    const batch = tokenBatch(
      groups.map((pair) => pair.map((i) => tokensOf(rows[i]!))),
      0,
    );
    const order = [0, 1].flatMap((answer) => groups.map((pair) => rows[pair[answer]!]!));
    for (const found of [program(batch).dataSync(), tf.tidy(() => sequenceLogProbs(model, null, batch).dataSync())])
      order.forEach(({ logProb }, i) => {
        expect(Math.abs(found[i]! / logProb - 1)).toBeLessThan(1e-5);
      });
  }
});

test.each(cases)("%s: greedy decoding grows over the old context as Transformers' does", (_, { config, greedy }) => {
  const sample = createSampler(frozen(config), null);
  const completions = sample(
    greedy.map(({ prompt }) => prompt),
    { maxNewTokens: 40, temperature: 0, ends: new Set(), pad: 0, streams: greedy.map((_, i) => `greedy ${i}`) },
  );
  completions.forEach(({ ids }, i) => {
    expect(ids).toEqual(greedy[i]!.ids);
  });
});

const phi3 = models["phi3-longrope"]!.config;
const rope = phi3.rope_parameters as Record<string, unknown>;
test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "too few factors",
    { rope_parameters: { ...rope, long_factor: [1, 2] } },
    /2 numbers in long_factor; 12 turned .* need 6/,
  ],
  ["no factors", { rope_parameters: { ...rope, short_factor: null } }, /short_factor: found null/],
  ["no old context", { ...noContext() }, /LongRoPE without original_max_position_embeddings/],
  ["another field", { rope_parameters: { ...rope, short_mscale: 1.2 } }, /RoPE's short_mscale/],
  [
    "another scaling",
    { rope_parameters: { ...rope, rope_type: "proportional", short_factor: null, long_factor: null } },
    /RoPE scaling "proportional"/,
  ],
])("refuses LongRoPE with %s", (_, edits, words) => {
  expect(() => parseModelConfig({ ...phi3, ...edits })).toThrow(words);
});

function noContext() {
  const { original_max_position_embeddings: _, ...others } = rope;
  return { original_max_position_embeddings: null, rope_parameters: others };
}

test("a config.json of Phi-3 from before Transformers 4.43 says the same", () => {
  const { rope_parameters: _, ...plain } = phi3;
  const { rope_theta, partial_rotary_factor, short_factor, long_factor } = rope;
  const old = { ...plain, rope_theta, partial_rotary_factor, rope_scaling: { type: "su", short_factor, long_factor } };
  expect(parseModelConfig(old)).toEqual(parseModelConfig(phi3));
});
