// What of Mamba and Mamba-2 families.test.ts does not show: what its cache holds, padding, adapters, files, and runs of every weight.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lora as adapterOptions } from "../../../spec/adapters/lora";
import { runConfig } from "../../../spec/config";
import { familyWeights, writeFamilyModel } from "../../../test/family-models";
import { createAdapter } from "../../adapters/kinds";
import { writeMerged } from "../../adapters/merge";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { sequenceLogProbs } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { noAttention } from "../../inference/segments";
import { silent } from "../../run/observer";
import { run } from "../../run/train";
import { parseModelConfig, weightShapes } from "../families";
import { readSafetensors } from "../formats/safetensors";
import { readModel } from "../load";
import { lookAtModel } from "../look";
import type { LayerState } from "../model";
import { transformer } from "../transformer";
import { frozenWeights } from "../weights";

type Cached = { inputs: number[][]; state: number[] };
const scans = JSON.parse(readFileSync("data/golden/mamba/scans.json", "utf8")) as Record<
  string,
  { cached: Cached[][] }
>;
const newFolder = () => mkdtempSync(join(tmpdir(), "workbench-state-space-"));

describe.each(["mamba", "mamba2"])("%s", (name) => {
  const {
    config: json,
    prompt,
    answers,
    greedy,
  } = JSON.parse(readFileSync(`data/golden/families/${name}.json`, "utf8")) as {
    config: Record<string, unknown>;
    prompt: number[];
    answers: number[][];
    greedy: number[];
  };
  const config = parseModelConfig(json);
  const model = { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute: "none" as const };

  function modelFolder(): string {
    const folder = join(newFolder(), "model");
    writeFamilyModel(folder, json);
    for (const file of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"])
      cpSync(join("data/golden/trajectories/model", file), join(folder, file));
    return folder;
  }

  test("after a prompt, of few tokens or many and with padding behind it, its layers hold what Transformers' cache holds", () => {
    const left: LayerState[] = [];
    const rows = [prompt, [...prompt.slice(0, 2), ...Array<number>(18).fill(7)]];
    const ids = tf.tensor2d(rows, [2, 20], "int32");
    transformer(model, null, { ids, positions: ids, lengths: tf.tensor1d([20, 2], "int32"), left }, noAttention);
    expect(left).toHaveLength(config.layers);
    left.forEach(({ inputs, state }, layer) => {
      scans[name]!.cached.forEach((layers, row) => {
        const expected = layers[layer]!;
        const compare = (x: tf.Tensor, wanted: number[]) => {
          const largest = Math.max(1, ...wanted.map(Math.abs));
          tf.slice(x, [row], [1])
            .dataSync()
            .forEach((value, i) => {
              expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(1e-6 * largest);
            });
        };
        compare(state, expected.state);
        compare(inputs, expected.inputs.slice(1).flat()); // Transformers keeps one token more, which is not read again
      });
    });
  });

  const written = (prompts: number[][], maxNewTokens = 64) =>
    createSampler(model, null)(prompts, {
      maxNewTokens,
      temperature: 0,
      ends: new Set(),
      pad: 0,
      streams: prompts.map((_, i) => `row ${i}`),
    });

  test("prompts of three lengths in one batch are continued as each alone, and written tokens are scored as they were drawn", () => {
    const [short, one] = [prompt.slice(-7), prompt.slice(0, 1)];
    const together = written([prompt, short, one]);
    expect(together.map(({ ids }) => ids)).toEqual([greedy, ...[short, one].map((each) => written([each])[0]!.ids)]);
    [prompt, short, one].forEach((each, i) => {
      const { ids, logProbs } = together[i]!;
      const [sum] = scored([[{ prompt: each, answer: ids }]]);
      expect(Math.abs(sum! / logProbs.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-5);
    });
  });

  type Row = { prompt: number[]; answer: number[] };
  const scored = (groups: Row[][], of = model) => [
    ...tf.tidy(() =>
      sequenceLogProbs(
        of,
        null,
        tokenBatch(
          groups.map((group) =>
            group.map(({ prompt, answer }) => ({
              input_ids: [...prompt, ...answer],
              completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
            })),
          ),
          0,
        ),
      ).dataSync(),
    ),
  ];

  test("a row's numbers do not depend on its batch, nor on the answers that share its prompt", () => {
    const [a, b] = answers as [number[], number[]];
    const alone = [...answers, prompt].map((answer) => scored([[{ prompt, answer }]])[0]!);
    const short = prompt.slice(0, 3);
    const other = scored([[{ prompt: short, answer: b }]])[0]!;
    const near = (found: number[], expected: number[]) => {
      found.forEach((value, i) => {
        expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(1e-6);
      });
    };
    near(
      scored([
        [
          { prompt, answer: a },
          { prompt, answer: b },
        ],
      ]),
      alone.slice(0, 2),
    );
    // answer 0 of every prompt first
    near(
      scored([
        [
          { prompt, answer: a },
          { prompt, answer: prompt },
        ],
        [
          { prompt: short, answer: b },
          { prompt: short, answer: b },
        ],
      ]),
      [alone[0]!, other, alone[2]!, other],
    );
  });

  test("in bfloat16 an answer is as likely within a hundredth", () => {
    const narrow = { ...model, weights: frozenWeights(config, familyWeights(json), "bfloat16") };
    const rows = answers.map((answer) => ({ prompt, answer }));
    const exact = scored([rows]);
    scored([rows], narrow).forEach((value, i) => {
      expect(Math.abs(value / exact[i]! - 1)).toBeLessThan(0.01);
    });
  });

  test.each([
    ["mixer.out_proj", ["out_proj"], /matches backbone\.layers\.0\.mixer\.out_proj; PEFT refuses adapters on it/],
    ["conv1d", ["conv1d"], /matches backbone\.layers\.0\.mixer\.conv1d; only the linear layers/],
    ["the head", ["lm_head"], /matches lm_head/],
    ["what it lacks", ["q_proj"], /matches no layer of this model, whose layers are mixer\.in_proj/],
  ])("an adapter on %s is refused by name", (_, targets, message) => {
    const options = { ...adapterOptions.parse({ rank: 4, alpha: 8 }), targets: targets as never };
    expect(() => createAdapter(config, options, 0)).toThrow(message);
  });

  test("an unknown field is refused by name", () => {
    expect(() => parseModelConfig({ ...json, attention_layers: 2 })).toThrow(/attention_layers 2 is not known here/);
    expect(() => parseModelConfig({ ...json, hidden_act: "relu2" })).toThrow(/hidden_act "relu2"; supported are/);
  });

  test("a merged folder holds the base's other weights and says what base and adapter say", async () => {
    const files = await readModel(modelFolder());
    const adapter = createAdapter(config, adapterOptions.parse({ rank: 4, alpha: 8 }), 1);
    const weights = new Map(
      [...adapter.weights].map(([key, x]) => [key, tf.randomNormal(x.shape, 0, 0.1, "float32", 3)]),
    );
    const folder = join(newFolder(), "merged");
    writeMerged(folder, files, { ...adapter, weights });
    const stored = readSafetensors(join(folder, "model.safetensors"));
    expect([...stored].map(([name, { shape }]) => [name, shape])).toEqual(Object.entries(weightShapes(config)));
    const { config: own, host } = await readModel(folder);
    expect(own).toEqual(config);
    const batch = tokenBatch(
      [
        answers.map((answer) => ({
          input_ids: [...prompt, ...answer],
          completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
        })),
      ],
      0,
    );
    const merged = { ...model, weights: frozenWeights(own, host, "float32") };
    const expected = sequenceLogProbs(model, { ...adapter, weights }, batch).dataSync();
    sequenceLogProbs(merged, null, batch)
      .dataSync()
      .forEach((value, i) => {
        expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(1e-5);
      });
  });

  test("the page counts its parameters and knows no limit of its context", async () => {
    const parameters = [...familyWeights(json).values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(await lookAtModel(modelFolder())).toMatchObject({ family: name, layers: 3, context: null, parameters });
  });

  test("every weight is trained, whole blocks are computed again, and PPO samples from it", async () => {
    const source = modelFolder();
    const common = { model: { source }, maxSteps: 2, batchSize: 2 };
    const files = "data/golden/trajectories";
    const full = { ...common, method: "sft", adapter: null, data: { train: `${files}/sft.jsonl`, maxLength: 64 } };
    const ppo = {
      ...common,
      method: "ppo",
      recompute: "block",
      data: { train: `${files}/pairs.jsonl`, maxLength: 256 },
      ppo: { maxCompletionLength: 16, reward: { rules: { length: { weight: 1, max: 20 } } } },
    };
    for (const each of [full, ppo]) {
      const parsed = runConfig.parse({ ...each, output: join(newFolder(), "run") });
      await run(parsed, { observer: silent, signal: new AbortController().signal });
      if (each === full) {
        const { host, config: own } = await readModel(parsed.output);
        expect(own).toEqual(config);
        for (const weight of ["A_log", "conv1d.weight"]) {
          const key = `backbone.layers.0.mixer.${weight}`;
          expect(host.get(key)!.data, key).not.toEqual(familyWeights(json).get(key)!.data);
        }
      }
    }
  });
});

const second = JSON.parse(readFileSync("data/golden/families/mamba2.json", "utf8")).config as Record<string, unknown>;

test("an older config.json of Mamba-2 says Infinity as Python does; a merged folder leaves it out, since JSON has no word for it", async () => {
  const folder = join(newFolder(), "model");
  writeFamilyModel(folder, second);
  for (const file of ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"])
    cpSync(join("data/golden/trajectories/model", file), join(folder, file));
  const path = join(folder, "config.json");
  const older = readFileSync(path, "utf8").replace('{"__float__":"Infinity"}', "Infinity");
  expect(older).toContain('"time_step_limit":[0,Infinity]');
  writeFileSync(path, older);
  const { config, companions } = await readModel(folder);
  expect(config).toEqual(parseModelConfig(second));
  expect(JSON.parse(companions()["config.json"]!)).not.toHaveProperty("time_step_limit");
});

test.each([
  [
    "a limit of time steps",
    { time_step_limit: [0, 0.1] },
    /time_step_limit\.1: found 0\.1\. A limit of time steps is not/,
  ],
  ["heads that are not its channels", { num_heads: 4 }, /num_heads 4 of head_dim 8, .* the 64 channels of expand 2/],
  ["groups that do not divide its heads", { n_groups: 3 }, /num_heads 8 in n_groups 3/],
])("%s is refused by name", (_, change, message) => {
  expect(() => parseModelConfig({ ...second, ...change })).toThrow(message);
});

test("Mamba's time steps take no adapter, which Transformers would not apply", () => {
  const first = JSON.parse(readFileSync("data/golden/families/mamba.json", "utf8")).config as Record<string, unknown>;
  const options = { ...adapterOptions.parse({ rank: 4, alpha: 8 }), targets: ["in_proj", "dt_proj"] as never };
  expect(() => createAdapter(parseModelConfig(first), options, 0)).toThrow(
    /matches backbone\.layers\.0\.mixer\.dt_proj; Transformers multiplies with its matrix past an adapter/,
  );
});
