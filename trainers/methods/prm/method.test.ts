// Process reward models beside TRL 1.12 (data/golden/make-process-rewards.py), and read again as rewards.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRow } from "../../../common/rows/formats";
import { asStepwise } from "../../../common/rows/rows";
import { type RunConfig, runConfig } from "../../../spec/config";
import { rewardSource } from "../../../spec/fields/rewards";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { tracedRun as trained } from "../../../test/traced-run";
import { stepsOf, tokenizeSteps } from "../../data/steps";
import { judgedRow } from "../../data/token-file";
import { tf } from "../../engine/tensorflow";
import { loadModel } from "../../models/load";
import { readHead, readStepSeparator } from "../../models/score-head";
import { readTokenizer } from "../../models/tokenizer";
import { openRewardModel } from "../../rewards/reward-model";
import { createReward } from "../../rewards/rewards";
import { stepLosses } from "./loss";

const folder = "data/golden/trajectories";
const golden = JSON.parse(readFileSync(`${folder}/prm.json`, "utf8")) as {
  rows: { input_ids: number[]; labels: number[] }[];
  steps: { loss: number }[];
  head: number[];
};
const temporary = () => mkdtempSync(join(tmpdir(), "workbench-prm-"));
const tokens = join(temporary(), "tokens.json");
writeFileSync(tokens, JSON.stringify({ rows: golden.rows }));

const config = (overrides: object): RunConfig =>
  runConfig.parse({
    method: "prm",
    model: { source: `${folder}/model` },
    adapter: { rank: 8, alpha: 16, init: `${folder}/reward_init` },
    prm: { headInit: `${folder}/reward_init` },
    data: { tokens, order: "sequential", maxLength: 256 },
    batchSize: 4,
    maxSteps: 24,
    optimizer: { learningRate: 5e-4, schedule: "constant", maxGradNorm: null },
    output: temporary(),
    ...overrides,
  });

test("24 steps follow TRL's, and so does the head", async () => {
  const asked = config({});
  const { rows } = await trained(asked);
  rows.forEach(({ loss }, i) => {
    expect(Math.abs(loss! - golden.steps[i]!.loss), `step ${i + 1}`).toBeLessThan(i === 0 ? 1e-6 : 1e-5);
  });
  const head = readHead(asked.output, golden.head.length).dataSync();
  golden.head.forEach((value, i) => {
    expect(Math.abs(head[i]! - value)).toBeLessThan(1e-5);
  });
});

test("rows of text become TRL's ids and labels, but for the token that TRL puts before every prompt", () => {
  const tokenizer = readTokenizer(`${folder}/model`);
  const texts = readFileSync(`${folder}/stepwise.jsonl`, "utf8").trim().split("\n");
  const options = { stepSeparator: "\n", trainOnLastStepOnly: false };
  texts.forEach((line, i) => {
    const row = tokenizeSteps(tokenizer, asStepwise(readRow(JSON.parse(line))), options, 256)!;
    const { input_ids, completion_mask, labels } = judgedRow.parse(golden.rows[i]);
    expect([tokenizer.bos, ...row.input_ids]).toEqual(input_ids);
    expect([0, ...row.completion_mask]).toEqual(completion_mask);
    expect(row.labels).toEqual(labels);
    const last = tokenizeSteps(
      tokenizer,
      asStepwise(readRow(JSON.parse(line))),
      { ...options, trainOnLastStepOnly: true },
      256,
    )!;
    expect(last.labels).toEqual(labels.slice(-1));
    expect(last.completion_mask.indexOf(1)).toBe(row.completion_mask.lastIndexOf(1));
    const cut = tokenizeSteps(
      tokenizer,
      asStepwise(readRow(JSON.parse(line))),
      options,
      row.completion_mask.indexOf(1) + 1,
    )!;
    expect(cut.labels).toEqual(labels.slice(0, 1));
    expect(
      tokenizeSteps(tokenizer, asStepwise(readRow(JSON.parse(line))), options, row.completion_mask.indexOf(1)),
    ).toBeNull();
  });
});

test("the loss is the cross-entropy of labels whose logits differ by z", () => {
  const z = [-3, -0.5, 0, 2, 40, -40];
  const of = (right: number) => stepLosses(tf.tensor2d([z]), tf.fill([1, z.length], right) as tf.Tensor2D).dataSync();
  z.forEach((value, i) => {
    expect(of(1)[i]).toBeCloseTo(Math.log1p(Math.exp(-Math.abs(value))) + Math.max(0, -value), 5);
    expect(of(0)[i]).toBeCloseTo(Math.log1p(Math.exp(-Math.abs(value))) + Math.max(0, value), 5);
  });
});

test("eight rows at once and in micro-batches give the same step; a run that was stopped ends with the same bits", async () => {
  const ways = [{ batchSize: 8 }, { batchSize: 8, microBatchTokens: 100 }];
  const steps: MetricRow[] = [];
  for (const way of ways) steps.push((await trained(config({ ...way, maxSteps: 1 }))).rows[0]!);
  const [whole, parts] = steps;
  for (const name of [
    "loss",
    "grad_norm",
    "step_accuracy",
    "first_error_accuracy",
    "steps/right",
    "steps/wrong",
  ] as const)
    expect(parts![name]).toBeCloseTo(whole![name]!, 5);

  const [straight, halted] = [config({ maxSteps: 6 }), config({ maxSteps: 6 })];
  await trained(straight);
  const first = await trained(halted, [], 3);
  for (const written of [first.saved[0]!.folder, straight.output]) // a checkpoint is read as it was trained, too
    expect(readStepSeparator(written)).toBe("\n");
  await trained(halted, first.saved);
  const adapterOf = ({ output }: RunConfig) => readFileSync(join(output, "adapter_model.safetensors"));
  expect(adapterOf(halted).equals(adapterOf(straight))).toBe(true);
});

test("what it measures of steps is what their scores say, and it scores answers as it was trained", async () => {
  const asked = config({
    data: { train: `${folder}/stepwise.jsonl`, eval: `${folder}/stepwise.jsonl`, maxLength: 256 },
    maxSteps: 60,
    evalEvery: 60,
    optimizer: { learningRate: 5e-3, schedule: "constant" },
  });
  const { rows } = await trained(asked);
  const { model, tokenizer } = await loadModel({ source: `${folder}/model`, dtype: "float32" });
  const solutions = readFileSync(`${folder}/stepwise.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((line) => asStepwise(readRow(JSON.parse(line))));

  // each step's probability by itself: the last of a solution that ends with it
  const last = openRewardModel(asked.output, model, tokenizer, "last");
  const probabilities = solutions.map(({ prompt, steps }) =>
    last.score(
      steps.map((_, i) =>
        last.row(
          prompt,
          steps
            .slice(0, i + 1)
            .map(({ text }) => text)
            .join("\n"),
        ),
      ),
    ),
  );
  const judged = solutions.flatMap(({ steps }, i) =>
    steps.map(({ label }, t) => ({ label, p: probabilities[i]![t]! })),
  );
  const share = (all: boolean[]) => all.filter(Boolean).length / all.length;
  const final = rows.at(-1)!;
  expect(final.eval_step_accuracy).toBeCloseTo(share(judged.map(({ label, p }) => p > 0.5 === label)), 6);
  const firsts = solutions.map(
    ({ steps }, i) => steps.findIndex(({ label }) => !label) === probabilities[i]!.findIndex((p) => p <= 0.5),
  );
  expect(final.eval_first_error_accuracy).toBeCloseTo(share(firsts), 6);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const of = (wanted: boolean) => mean(judged.filter(({ label }) => label === wanted).map(({ p }) => p));
  expect(final["eval_steps/right"]).toBeCloseTo(of(true), 4);
  expect(final["eval_steps/wrong"]).toBeCloseTo(of(false), 4);
  expect(of(true)).toBeGreaterThan(of(false) + 0.1); // it learnt

  // as a reward: of a sampled answer, whose last step has no separator
  const { prompt, steps } = solutions[0]!;
  const text = steps.map(({ text }) => text).join("\n\n"); // blank lines are no steps
  const answer = { prompt, query: tokenizer.document(prompt as string), response: tokenizer.encode(text) };
  const [p, q] = probabilities[0]! as [number, number];
  const expected = { minimum: Math.min(p, q), product: p * q, mean: (p + q) / 2, last: q };
  for (const [way, value] of Object.entries(expected)) {
    const reward = createReward(rewardSource.parse({ model: asked.output, steps: way }), true, model, tokenizer);
    expect(reward([answer]).scores[0]).toBeCloseTo(value, 5);
  }
});

test("of an answer in several turns the model's steps are judged, where they stand", async () => {
  const { model, tokenizer } = await loadModel({ source: `${folder}/model`, dtype: "float32" });
  const { output } = config({ maxSteps: 1 });
  await trained(config({ maxSteps: 1, output }));
  const scorer = openRewardModel(output, model, tokenizer, "product");
  const prompt = [{ role: "user", content: "Add 2 and 3 and 4." }];
  const said = (role: string, content: string) => ({ role, content });
  const turns = [
    said("assistant", "2 + 3 = 5."),
    said("tool", "yes\ngo on"),
    said("assistant", "5 + 4 = 9.\nIt is 9."),
  ];
  const row = scorer.row(prompt, turns);
  const judged = row.input_ids.flatMap((_, t) => (row.completion_mask[t] === 1 ? [t] : []));
  expect(judged.map((t) => tokenizer.decode(row.input_ids.slice(0, t)).split("\n").at(-1))).toEqual([
    "2 + 3 = 5.",
    "5 + 4 = 9.",
    "It is 9.",
  ]);
  expect(tokenizer.decode(row.input_ids)).toContain("yes\ngo on\n");
});

test("an answer without a separator is one step", () => {
  expect(stepsOf("all of it", "\n")).toEqual(["all of it"]);
  expect(stepsOf("", "\n")).toEqual([""]);
  expect(stepsOf("a\n\n b \n", "\n")).toEqual(["a", " b "]);
});
