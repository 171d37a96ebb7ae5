import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, perform } from "../../common/command-line";
import { familyWeights, writeFamilyFolder } from "../../test/family-models";
import { commands } from "../commands/all";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { sequenceLogProbs } from "../inference/policy";
import { parseModelConfig, weightShapes } from "./families";
import type { LoadedFiles } from "./formats/loaded-files";
import type { HostTensor } from "./formats/safetensors";
import { withKeyValueHeads } from "./key-value-heads";
import { readModel } from "./load";
import { frozenWeights } from "./weights";

interface Golden {
  config: Record<string, unknown> & { num_attention_heads: number; num_key_value_heads: number };
  prompt: number[];
  answers: [number[], number[]];
}
const golden = (family: string) => JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8")) as Golden;

const { tokenizer: byteTokenizer } = await readModel("data/golden/trajectories/model");

function filesOf(config: Golden["config"], weights: Map<string, HostTensor>): LoadedFiles {
  return {
    config: parseModelConfig(config),
    host: weights,
    tokenizer: byteTokenizer,
    notes: [],
    contentHash: () => "",
    companions: () => ({ "config.json": JSON.stringify(config) }),
  };
}

function logProbs({ config, host }: LoadedFiles, { prompt, answers }: Golden): number[] {
  const model = { config, weights: frozenWeights(config, host, "float32"), recompute: "none" } as const;
  const rows = answers.map((answer) => ({
    input_ids: [...prompt, ...answer],
    completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
  }));
  return [...tf.tidy(() => sequenceLogProbs(model, null, tokenBatch([rows], 0)).dataSync())];
}

/** The rows of a tensor that belong to key or value heads, and which of the heads each is of. */
function rowsOfHeads(
  name: string,
  { shape }: HostTensor,
  heads: number,
  kvHeads: number,
  D: number,
): (number | null)[] {
  const row = (head: number) => Array.from({ length: D }, () => head);
  const each = Array.from({ length: kvHeads }, (_, head) => row(head)).flat();
  if (/\.[kv]_proj/.test(name)) return each;
  if (/qkv_proj/.test(name)) return [...Array.from({ length: heads * D }, () => null), ...each, ...each];
  return /k_norm/.test(name) && shape[0] === kvHeads * D ? each : Array.from({ length: shape[0]! }, () => null);
}

/** Each key and value head `times` times in a row: a model that computes the same with more heads. */
function repeated({ config, host }: LoadedFiles, times: number): Map<string, HostTensor> {
  return new Map(
    Object.keys(weightShapes(config)).map((name) => {
      const tensor = host.get(name)!;
      const heads = rowsOfHeads(name, tensor, config.heads, config.kvHeads, config.headDim);
      const columns = tensor.data.length / heads.length;
      const rows = heads.map((_, i) => [...tensor.data.subarray(i * columns, (i + 1) * columns)]);
      const out: number[][] = [];
      for (let i = 0; i < rows.length; ) {
        const head = heads[i];
        const until = head === null ? i + 1 : i + config.headDim;
        for (let time = 0; time < (head === null ? 1 : times); time++) out.push(...rows.slice(i, until));
        i = until;
      }
      return [name, { shape: [out.length, ...tensor.shape.slice(1)], data: Float32Array.from(out.flat()) }];
    }),
  );
}

const kinds = ["qwen2-window", "qwen3", "olmo2", "phi3", "qwen3-moe", "gemma2"]; // biases, norms, fused matrices, experts, a tied head

test.each(kinds)(
  "%s: a model whose key and value heads are the same in pairs is that with half of them, to the bit",
  (family) => {
    const given = golden(family);
    const grouped = { ...given.config, num_key_value_heads: given.config.num_attention_heads / 2 };
    const small = filesOf(grouped, familyWeights(grouped));
    const whole = { ...grouped, num_key_value_heads: given.config.num_attention_heads };
    const large = filesOf(whole, repeated(small, 2));
    logProbs(large, given).forEach((value, i) => {
      expect(Math.abs(value / logProbs(small, given)[i]! - 1)).toBeLessThan(1e-5);
    });
    const pooled = withKeyValueHeads(large, grouped.num_key_value_heads);
    expect(pooled.config).toEqual(small.config);
    for (const name of Object.keys(weightShapes(small.config)))
      expect(pooled.host.get(name), name).toEqual(small.host.get(name));
  },
);

test.each(kinds)("%s: with as many heads as before it is the same model", (family) => {
  const { config } = golden(family);
  const files = filesOf(config, familyWeights(config));
  const same = withKeyValueHeads(files, config.num_key_value_heads);
  expect(same.config).toEqual(files.config);
  for (const name of Object.keys(weightShapes(files.config)))
    expect(same.host.get(name), name).toEqual(files.host.get(name));
});

test.each([
  ["qwen2-window", "model.layers.1.self_attn.k_proj.weight", 0],
  ["qwen2-window", "model.layers.1.self_attn.v_proj.bias", 0],
  ["olmo2", "model.layers.0.self_attn.k_norm.weight", 0],
  ["phi3", "model.layers.2.self_attn.qkv_proj.weight", 2],
] as const)("%s: the heads of %s are the means of their groups", (family, name, queryHeads) => {
  const given = golden(family).config;
  const config = { ...given, num_key_value_heads: given.num_attention_heads };
  const files = filesOf(config, familyWeights(config));
  const { headDim: D, kvHeads } = files.config;
  const [before, after] = [files.host.get(name)!, withKeyValueHeads(files, 1).host.get(name)!];
  const columns = before.shape[1] ?? 1;
  for (const [within, column] of [
    [0, 0],
    [D - 1, columns - 1],
    [3, Math.min(5, columns - 1)],
  ] as const) {
    const at = (head: number) => before.data[((queryHeads + head) * D + within) * columns + column]!;
    const mean = Array.from({ length: kvHeads }, (_, head) => at(head)).reduce((a, b) => a + b) / kvHeads;
    expect(after.data[(queryHeads * D + within) * columns + column]).toBe(Math.fround(mean));
  }
});

test("the command writes a folder that runs, with tokenizer, template and what it was made of", async () => {
  const { config } = golden("qwen3");
  const [source, folder] = [
    mkdtempSync(join(tmpdir(), "workbench-test-")),
    mkdtempSync(join(tmpdir(), "workbench-test-")),
  ];
  writeFamilyFolder(source, { ...config, num_key_value_heads: 4 });
  const said = (...words: string[]) => perform(commandLine(commands), ["uptrain", ...words]);
  expect(await said(source, folder, "--kv-heads", "2")).toBe(0);
  const [before, after] = await Promise.all([readModel(source), readModel(folder)]);
  expect(after.config).toEqual({ ...before.config, kvHeads: 2 });
  expect(logProbs(after, golden("qwen3")).every(Number.isFinite)).toBe(true);
  for (const file of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"])
    expect(readFileSync(join(folder, file), "utf8")).toBe(readFileSync(join(source, file), "utf8"));
  expect(readFileSync(join(folder, "README.md"), "utf8")).toContain(before.contentHash());
  expect(await said(source, folder, "--kv-heads", "2")).toBe(2); // it would write over a model
});

test("heads that do not divide, more heads than there are, and models without key heads are refused", () => {
  const { config } = golden("qwen3");
  const files = filesOf({ ...config, num_key_value_heads: 4 }, new Map());
  expect(() => withKeyValueHeads(files, 3)).toThrow(/4 key and value heads cannot be made 3/);
  expect(() => withKeyValueHeads(files, 8)).toThrow(/4 key and value heads cannot be made 8/);
  for (const family of ["gpt-neox", "gpt2", "bloom", "mamba"])
    expect(() => withKeyValueHeads(filesOf(golden(family).config, new Map()), 1)).toThrow(
      /have no key and value heads/,
    );
});
