// What of mixtures of experts families.test.ts does not show: files with all experts in one tensor, adapters, what is refused, bfloat16.
import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { familyWeights, writeFamilyModel } from "../../../test/family-models";
import { targetLayers } from "../../adapters/targets";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { sequenceLogProbs } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { parseModelConfig, weightShapes } from "../families";
import { separateExperts } from "../formats/expert-tensors";
import { checkTensors } from "../formats/weight-files";
import { lookAtModel } from "../look";
import { frozenWeights } from "../weights";

interface Expected {
  config: Record<string, unknown>;
  prompt: number[];
  answers: [number[], number[]];
  logProbs: number[];
  greedy: number[];
}
const read = (name: string) => JSON.parse(readFileSync(`data/golden/families/${name}.json`, "utf8")) as Expected;
const names = ["qwen3-moe", "olmoe", "mixtral", "granite-moe"];

/** The tensors of a block as Transformers 5.23 writes them with save_original_format=False, from those under the usual names. */
function inOneTensor(config: Record<string, unknown>) {
  const usual = familyWeights(config);
  const found = new Map<string, { shape: number[]; data: Float32Array }>();
  const E = Number(config.num_local_experts ?? config.num_experts);
  const renamed: [RegExp, string][] = [
    [/block_sparse_moe\.gate\.weight/, "mlp.gate.weight"],
    [/router\.layer\.weight/, "router.weight"],
    [/input_linear\.weight/, "experts.gate_up_proj"],
    [/output_linear\.weight/, "experts.down_proj"],
  ];
  for (const [name, tensor] of usual) {
    const [, at, matrix] = /^(.*)\.experts\.\d+\.(\w+)\.weight$/.exec(name) ?? [];
    if (at === undefined) {
      found.set(
        renamed.reduce((text, [from, to]) => text.replace(from, to), name),
        tensor,
      );
      continue;
    }
    const fused = `${at.replace("block_sparse_moe", "mlp")}.experts`;
    const [rows, columns] = tensor.shape as [number, number];
    const isDown = matrix === "down_proj" || matrix === "w2";
    const key = `${fused}.${isDown ? "down_proj" : "gate_up_proj"}`;
    if (found.has(key)) continue;
    const of = (which: string) =>
      Array.from({ length: E }, (_, e) => usual.get(`${at}.experts.${e}.${which}.weight`)!.data);
    if (isDown) {
      found.set(key, { shape: [E, rows, columns], data: Float32Array.from(of(matrix!).flatMap((m) => [...m])) });
      continue;
    }
    const [gates, ups] = (matrix!.startsWith("w") ? ["w1", "w3"] : ["gate_proj", "up_proj"]).map(of) as [
      Float32Array[],
      Float32Array[],
    ];
    const data = Float32Array.from(gates.flatMap((gate, e) => [...gate, ...ups[e]!]));
    found.set(key, { shape: [E, 2 * rows, columns], data });
  }
  return found;
}

test.each(names)("%s: a file with all experts in one tensor is read as one with a matrix an expert", (name) => {
  const { config: json } = read(name);
  const config = parseModelConfig(json);
  const file = inOneTensor(json);
  const shapes = new Map([...file].map(([name, { shape }]) => [name, shape]));
  expect([...shapes.keys()].some((name) => name.endsWith("experts.gate_up_proj"))).toBe(true);
  const opened = separateExperts(config, { shapes, get: (name) => file.get(name) });
  checkTensors(config, opened, name);
  const usual = familyWeights(json);
  for (const tensor of Object.keys(weightShapes(config))) {
    expect(opened.get(tensor)!.data, tensor).toEqual(usual.get(tensor)!.data);
    expect(opened.get(tensor)!.shape, tensor).toEqual(usual.get(tensor)!.shape);
  }
});

test("a look at a folder says how many parameters there are, and how many a token meets", async () => {
  const { config } = read("qwen3-moe");
  const folder = mkdtempSync(join(tmpdir(), "workbench-moe-"));
  writeFamilyModel(folder, config);
  cpSync("data/golden/trajectories/model/tokenizer.json", join(folder, "tokenizer.json"));
  const look = await lookAtModel(folder);
  const expert = 3 * 24 * 32; // gate, up and down
  const attention = 32 * 12 * (4 + 2 + 2 + 4) + 2 * 12;
  const block = attention + 2 * 32 + 6 * 32 + 6 * expert;
  expect(look.parameters).toBe(512 * 32 + 32 + 3 * block);
  expect(look.active).toBe(look.parameters - 3 * (6 - 2) * expert);
});

test.each(["gate_proj", "gate", "experts", "mlp.experts.0.down_proj"])(
  "an adapter on the module %s is refused",
  (target) => {
    const model = parseModelConfig(read("qwen3-moe").config);
    expect(() => targetLayers({ target_modules: ["q_proj", target] }, model)).toThrow(
      /matches model\.layers\.0\.mlp\..*; of a mixture of experts attention's q_proj, .* and by LoRA the experts as experts.gate_up_proj/,
    );
  },
);

test.each([
  ["qwen3-moe", { decoder_sparse_step: 2 }, /decoder_sparse_step: found 2. Dense blocks between/],
  ["qwen3-moe", { mlp_only_layers: [1] }, /mlp_only_layers \[1\] is not known here/],
  ["qwen3-moe", { num_experts_per_tok: 7 }, /num_experts_per_tok 7 and 6 experts/],
  ["mixtral", { router_jitter_noise: 0.1 }, /router_jitter_noise: found 0.1. Noise/],
  ["olmoe", { clip_qkv: 8 }, /clip_qkv 8 is not known here/],
])("%s with %o is refused by name", (name, change, message) => {
  expect(() => parseModelConfig({ ...read(name).config, ...change })).toThrow(message);
});

test.each(names)("%s: experts held in bfloat16 give nearly the same log-probabilities", (name) => {
  const { config: json, prompt, answers, logProbs } = read(name);
  const config = parseModelConfig(json);
  const model = { config, weights: frozenWeights(config, familyWeights(json), "bfloat16"), recompute: "none" as const };
  const rows = answers.map((answer) => ({
    input_ids: [...prompt, ...answer],
    completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
  }));
  const found = tf.tidy(() => sequenceLogProbs(model, null, tokenBatch([rows], 0)).dataSync());
  logProbs.forEach((value, i) => {
    expect(found[i]).not.toBe(value);
    expect(Math.abs(found[i]! / value - 1)).toBeLessThan(0.02);
  });
});

test("two prompts of different lengths in one batch are continued as each alone", () => {
  const { config: json, prompt } = read("olmoe");
  const config = parseModelConfig(json);
  const model = { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute: "none" as const };
  const sample = createSampler(model, null);
  const continued = (prompts: number[][]) =>
    sample(prompts, { maxNewTokens: 12, temperature: 0, ends: new Set(), pad: 0, streams: prompts.map(String) }).map(
      ({ ids }) => ids,
    );
  const short = prompt.slice(0, 9);
  expect(continued([prompt, short])).toEqual([...continued([prompt]), ...continued([short])]);
});
