// What of BLOOM families.test.ts does not show: ALiBi by itself, older files, what is refused, and rows of different lengths in one batch.
import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { familyWeights, greedilyOf, writeFamilyModel } from "../../../test/family-models";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { sequenceLogProbs } from "../../inference/policy";
import { parseModelConfig, weightShapes } from "../families";
import { readSafetensors, writeSafetensors } from "../formats/safetensors";
import { readModel } from "../load";
import { lookAtModel } from "../look";
import { alibi } from "../parts/alibi";
import { frozenWeights } from "../weights";

const {
  config: json,
  prompt,
  answers,
  greedy,
} = JSON.parse(readFileSync("data/golden/families/bloom.json", "utf8")) as {
  config: Record<string, unknown>;
  prompt: number[];
  answers: number[][];
  greedy: number[];
};
const config = parseModelConfig(json);
const model = { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute: "none" as const };
/** data/golden/alibi/make-alibi.py made it. */
const golden = JSON.parse(readFileSync("data/golden/alibi/alibi.json", "utf8")) as {
  mask: number[][];
  bias: Record<string, number[][][]>;
};

test.each(Object.entries(golden.bias))(
  "what ALiBi adds to a score is Transformers': %s heads, padding before a row or none",
  (heads, bias) => {
    const [B, H, T] = [golden.mask.length, Number(heads), golden.mask[0]!.length];
    const before = golden.mask.map((row) => row.indexOf(1));
    const positions = tf.tensor2d(
      before.map((padding) => Array.from({ length: T }, (_, t) => Math.max(0, t - padding))),
      [B, T],
      "int32",
    );
    const none = tf.zeros<tf.Rank.R4>([B, H, T, 4]);
    const [q, k] = alibi({ ids: positions, positions })(none, none);
    const added = tf.matMul(q, k, false, true).arraySync() as number[][][][]; // [B, H, query, key]
    golden.mask.forEach((row, b) => {
      for (const [h, scores] of added[b]!.entries())
        for (const query of scores)
          for (const [key, value] of query.entries())
            if (row[key]) expect(Math.abs(value - bias[b]![h]![key]!)).toBeLessThanOrEqual(1e-6);
    });
  },
);

test.each([
  ["field", { rotary_dim: 4 }, /rotary_dim 4 is not known here/],
  ["residual", { apply_residual_connection_post_layernorm: true }, /apply_residual_connection_post_layernorm true is/],
  ["number of heads", { n_head: 5 }, /hidden_size 36 over n_head 5/],
])("an unknown %s is refused by name", (_, change, message) => {
  expect(() => parseModelConfig({ ...json, ...change })).toThrow(message);
});

test("older files call sizes otherwise and say how they were trained, which changes nothing", () => {
  const { hidden_size, n_layer, n_head, ...rest } = json;
  const older = { n_embed: hidden_size, num_hidden_layers: n_layer, num_attention_heads: n_head };
  const trained = { masked_softmax_fusion: true, offset_alibi: 100, seq_length: 2048, unk_token_id: 0, n_inner: null };
  expect(parseModelConfig({ ...rest, ...older, ...trained })).toEqual(config);
});

const newFolder = () => mkdtempSync(join(tmpdir(), "workbench-bloom-"));

function modelFolder(): string {
  const folder = join(newFolder(), "model");
  writeFamilyModel(folder, json);
  for (const file of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"])
    cpSync(join("data/golden/trajectories/model", file), join(folder, file));
  return folder;
}

test("a file without `transformer.` before its names, as BLOOM's own are, is the same model", async () => {
  const folder = modelFolder();
  const path = join(folder, "model.safetensors");
  writeSafetensors(
    path,
    new Map([...readSafetensors(path)].map(([name, tensor]) => [name.replace(/^transformer\./, ""), tensor])),
  );
  const files = await readModel(folder);
  for (const name of Object.keys(weightShapes(config)))
    expect(files.host.get(name)!.data, name).toEqual(familyWeights(json).get(name)!.data);
});

test("the page counts its parameters", async () => {
  const d = 36;
  const ends = 512 * d + 4 * d; // ids, the norm of embeddings and the last
  const block = 4 * d + (d + 1) * 3 * d + (d + 1) * d + (d + 1) * 4 * d + (4 * d + 1) * d; // two norms, four linear layers
  expect(await lookAtModel(modelFolder())).toMatchObject({ family: "bloom", parameters: ends + 3 * block, layers: 3 });
});

test("prompts of two lengths in one batch are continued as each alone", () => {
  const written = greedilyOf(model);
  const short = prompt.slice(-7);
  expect(written([prompt, short])).toEqual([greedy, written([short])[0]]);
});

test("a row is scored alike beside a longer one, and whether answers share its prompt or not", () => {
  const row = (answer: number[]) => ({
    input_ids: [...prompt, ...answer],
    completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
  });
  const score = (groups: number[][][]) => [
    ...tf.tidy(() =>
      sequenceLogProbs(
        model,
        null,
        tokenBatch(
          groups.map((group) => group.map(row)),
          0,
        ),
      ).dataSync(),
    ),
  ];
  const alone = answers.flatMap((answer) => score([[answer]]));
  for (const together of [score([answers]), score(answers.map((answer) => [answer]))])
    together.forEach((value, i) => {
      expect(Math.abs(value / alone[i]! - 1)).toBeLessThan(1e-5);
    });
});
