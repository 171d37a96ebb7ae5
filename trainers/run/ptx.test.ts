// PPO-ptx: what texts beside a method's completions add to its gradient, its steps and its resumed runs, and what they keep.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRandom } from "../../common/random";
import type { RunConfig } from "../../spec/config";
import { scratch } from "../../test/program";
import { golden, methods, rowsOf, shortRun } from "../../test/short-runs";
import { readAdapter } from "../adapters/files";
import { singleGroup, type Tokens } from "../data/tokenize";
import { lossAndGradients } from "../engine/gradients";
import { compile } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import { scoredTokens, type TokenBatch, tokenBatch } from "../inference/batches";
import { tokenScores } from "../inference/policy";
import type { Method } from "../methods/method";
import { readSafetensors } from "../models/formats/safetensors";
import { loadModel } from "../models/load";
import { writeReview } from "../rewards/gold/reviews";
import { withTexts } from "./ptx";

const texts = join(scratch(), "texts.jsonl");
const words = [
  "The sea was calm.",
  "Sums: 1 + 2 = 3, 4 + 5 = 9, 6 + 7 = 13.",
  "a b c",
  "Nobody came, and nobody went again.",
];
writeFileSync(texts, words.map((text) => JSON.stringify({ text })).join("\n"));

const row = (seed: number, length: number): Tokens => ({
  input_ids: Array.from({ length }, (_, t) => 3 + ((seed * 31 + t * 17) % 90)),
  completion_mask: Array.from({ length }, (_, t) => Number(t > 1)),
});

test("the gradient is the method's own plus γ times that of the texts' mean loss a token, however both are cut", async () => {
  const { model } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const adapter = readAdapter(`${golden}/adapter_init`, model.config);
  const weights = new Map([...adapter.weights].map(([name, tensor]) => [name, tf.variable(tensor)]));
  const policy = { ...adapter, weights };
  const [answers, mix] = [
    [row(1, 9), row(2, 14), row(3, 6)],
    [row(4, 12), row(5, 30), row(6, 5)],
  ];
  const idle = tf.variable(tf.ones([2, 3])); // a critic's, which texts do not reach
  const batchOf = (rows: Tokens[]) => tokenBatch(rows.map(singleGroup), 0);
  const nll = (batch: TokenBatch) => tokenScores(model, policy, batch).logProbs.mul(batch.mask).sum().neg();

  /** A mean over three completions, in two micro-batches. */
  const own = (batch: TokenBatch, rows: number) => nll(batch).div(rows).add<tf.Scalar>(idle.square().sum()); // each micro-batch's own mean
  const method: Method<TokenBatch> = {
    batches: () =>
      [answers.slice(0, 1), answers.slice(1)].map((part) => ({
        ...{ weight: part.length, tokens: 1 },
        build: () => batchOf(part),
      })),
    heldOut: () => [],
    loss: (batch) => ({ loss: own(batch, batch.layout.rows) as tf.Scalar, stats: {} }),
  };
  const config = shortRun({ method: "grpo", grpo: { ...grpo, ptx: { texts, coefficient: 0.7, rows: 3 } } });
  const variables = new Map<string, tf.Variable>([...weights, ["value.idle", idle]]);
  const mixed = withTexts(method, { model, policy, microBatchTokens: 80 }, config, mix);
  const batches = mixed.batches(0, 0);
  expect(batches.length).toBe(2 + 2); // the long text stands alone
  const total = batches.reduce((sum, { weight }) => sum + weight, 0);
  const gradientsOf = compile(lossAndGradients(mixed.loss, variables));
  const parts = batches.map(({ weight, build }) => gradientsOf({ batch: build(), share: tf.scalar(weight / total) }));

  const tokens = mix.reduce((sum, one) => sum + scoredTokens(one), 0);
  const plain = tf.variableGrads(
    () => own(batchOf(answers), answers.length).add<tf.Scalar>(nll(batchOf(mix)).mul(0.7 / tokens)),
    [...variables.values()],
  );
  for (const [name, variable] of variables) {
    const wanted = plain.grads[variable.name]!;
    const found = tf.addN(parts.map(({ gradients }) => gradients[name]!));
    const [distance, size] = [found.sub(wanted).abs().max().dataSync()[0]!, wanted.abs().max().dataSync()[0]!];
    expect(distance, name).toBeLessThanOrEqual(1e-5 * size + 1e-9);
    expect(size, name).toBeGreaterThan(0);
  }
  const loss =
    parts.reduce((sum, { measured }, i) => sum + measured.values.dataSync()[0]! * batches[i]!.weight, 0) / total;
  expect(loss).toBeCloseTo(plain.value.dataSync()[0]!, 4);
});

const grpo = { prompts: 2, numGenerations: 2, maxCompletionLength: 4, reward: { model: `${golden}/reward_init` } };
const sgd = { name: "sgd", learningRate: 0.1, schedule: "constant", maxGradNorm: null, weightDecay: 0 };

/** What a run has made of the policy. */
async function weightsOf(config: RunConfig): Promise<Map<string, ArrayLike<number>>> {
  await rowsOf(config);
  return new Map(
    [...readSafetensors(join(config.output, "adapter_model.safetensors"))].map(([name, { data }]) => [name, data]),
  );
}

test.each([
  ["ppo", { ppo: methods.ppo }],
  ["grpo", methods.grpo],
  ["rloo", { rloo: grpo }],
  ["reinforce-plus-plus", { reinforcePlusPlus: grpo }],
])("a step of SGD is the sum of %s's own and γ times that of SFT on the same texts", async (method, given) => {
  const options = (method === "ppo" ? methods.ppo : given) as Record<string, object>;
  const [[block, own]] = Object.entries(options) as [[string, object]];
  const step = { maxSteps: 1, optimizer: sgd };
  const [start, alone, together, sft] = [
    await weightsOf(shortRun({ ...step, method, ...options, optimizer: { ...sgd, learningRate: 1e-30 } })),
    await weightsOf(shortRun({ ...step, method, ...options })),
    await weightsOf(shortRun({ ...step, method, [block]: { ...own, ptx: { texts, coefficient: 0.5, rows: 3 } } })),
    await weightsOf(
      shortRun({ ...step, method: "sft", data: { train: texts, order: "sequential", maxLength: 256 }, batchSize: 3 }),
    ),
  ];
  let [largest, moved] = [0, 0];
  for (const [name, from] of start)
    for (let i = 0; i < from.length; i++) {
      const wanted = alone.get(name)![i]! + 0.5 * (sft.get(name)![i]! - from[i]!);
      largest = Math.max(largest, Math.abs(together.get(name)![i]! - wanted));
      moved = Math.max(moved, Math.abs(sft.get(name)![i]! - from[i]!));
    }
  expect(moved).toBeGreaterThan(1e-3);
  expect(largest).toBeLessThan(1e-6);
});

const { ppo: shortPpo } = methods.ppo as { ppo: object };
const ppo = { ...shortPpo, numPpoEpochs: 2, numMiniBatches: 2, ptx: { texts, coefficient: 2, rows: 3 } };

test("stopped after an update and resumed, it ends with the same bits", async () => {
  const given = () =>
    shortRun({ method: "ppo", ppo, maxSteps: 12, data: { train: `${golden}/pairs.jsonl`, maxLength: 256 } });
  const [straight, halted] = [given(), given()];
  const { rows } = await rowsOf(straight);
  expect(rows.map(({ ptx_loss }) => ptx_loss! > 0)).toEqual([true, true, true]);
  const { saved } = await rowsOf(halted, { until: 4 });
  const { rows: rest } = await rowsOf(halted, { resume: saved });
  expect(rest.map(({ step, ptx_loss }) => [step, ptx_loss])).toEqual(
    rows.slice(1).map(({ step, ptx_loss }) => [step, ptx_loss]),
  );
  for (const name of ["adapter_model.safetensors", "value/adapter_model.safetensors"])
    expect(readFileSync(join(halted.output, name)).equals(readFileSync(join(straight.output, name))), name).toBe(true);
});

test("texts that have changed are noticed where the run is resumed", async () => {
  const changing = join(scratch(), "texts.jsonl");
  writeFileSync(changing, readFileSync(texts));
  const given = shortRun({ method: "ppo", ppo: { ...ppo, ptx: { ...ppo.ptx, texts: changing } }, maxSteps: 8 });
  const { saved } = await rowsOf(given, { until: 4 });
  writeFileSync(changing, JSON.stringify({ text: "Something else." }));
  await expect(rowsOf(given, { resume: saved })).rejects.toThrow(/ppo\.ptx\.texts was \w+… and is \w+…/);
});

test("in the critic's warm-up no text moves the policy", async () => {
  const given = shortRun({
    method: "ppo",
    ppo: { ...ppo, criticWarmup: 1 },
    maxSteps: 4,
    optimizer: { learningRate: 1e-2 },
  });
  const { rows } = await rowsOf(given);
  expect(rows[0]!.ptx_loss).toBeUndefined();
  const [was, is] = [`${golden}/adapter_init`, given.output].map((at) =>
    readSafetensors(join(at, "adapter_model.safetensors")),
  );
  for (const [name, { data }] of was!) expect([...is!.get(name)!.data], name).toEqual([...data]);
});

test("what is no file of texts is named at the field", async () => {
  const given = (path: string) => rowsOf(shortRun({ method: "ppo", ppo: { ...ppo, ptx: { texts: path } } }));
  await expect(given("nowhere.jsonl")).rejects.toMatchObject({
    path: "ppo.ptx.texts",
    message: expect.stringContaining("there is no data file at"),
  });
  const prompts = join(scratch(), "prompts.jsonl");
  writeFileSync(prompts, JSON.stringify({ prompt: [{ role: "user", content: "Well?" }] }));
  await expect(given(prompts)).rejects.toMatchObject({
    path: "ppo.ptx.texts",
    message: expect.stringContaining("holds no row"),
  });
});

/** Conversations about films, by a template of the task's own, and how unlikely the policy that `init` leaves finds them. */
const films = Array.from({ length: 40 }, (_, i) => `number ${i}`);
const random = createRandom("ptx");
const reviews = join(scratch(), "reviews.jsonl");
const reviewOf = (film: string) => {
  const content = `Write a short review of the film ${film}.`;
  return JSON.stringify({
    messages: [
      { role: "user", content },
      { role: "assistant", content: writeReview(content, random) },
    ],
  });
};
writeFileSync(reviews, films.map(reviewOf).join("\n"));

test("on tiny, PPO with reviews of every quality beside a reward for praise forgets less of how to write them", {
  tags: "long",
}, async () => {
  const lora = { rank: 8, alpha: 16 };
  const lossAfter = async (init?: string) => {
    const data = { train: reviews, order: "sequential", maxLength: 128 };
    const adapter = { ...lora, ...(init && { init }) };
    const { rows } = await rowsOf(
      shortRun({ method: "sft", model: { source: "tiny" }, adapter, data, batchSize: 40, maxSteps: 1 }),
    );
    return rows[0]!.loss!; // before its step
  };
  const trained = async (ptx: object | null) => {
    const run = shortRun({
      ...{
        method: "ppo",
        model: { source: "tiny" },
        adapter: lora,
        maxSteps: 16,
        optimizer: { learningRate: 4e-3, schedule: "constant" },
      },
      data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 128 },
      ppo: {
        rollouts: 16,
        maxCompletionLength: 24,
        numPpoEpochs: 2,
        numMiniBatches: 2,
        klCoef: 0,
        reward: { gold: "film-reviews" },
        ptx,
      },
    });
    await rowsOf(run);
    return lossAfter(run.output);
  };
  const [before, without, beside] = [
    await lossAfter(),
    await trained(null),
    await trained({ texts: reviews, coefficient: 0.5, rows: 8 }),
  ];
  expect(without - before).toBeGreaterThan(0.1);
  expect(beside - before).toBeLessThan(0.5 * (without - before));
});
