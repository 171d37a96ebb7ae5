// Process supervision as runs: a process reward model is trained, and GRPO and PPO learn from its steps.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../../spec/config";
import { rewardSource } from "../../../spec/fields/rewards";
import { chartsOf } from "../../../spec/methods/charts-of";
import { sum } from "../../../spec/statistics";
import { tracedRun as trained } from "../../../test/traced-run";
import { readAdapter } from "../../adapters/files";
import { judgedAt, tokenizeSteps } from "../../data/steps";
import { tokenBatch } from "../../inference/batches";
import { tokenValues } from "../../inference/policy";
import { loadModel } from "../../models/load";
import { readHead } from "../../models/score-head";
import type { Answered } from "../../rewards/answered";
import { createReward } from "../../rewards/rewards";
import { examine } from "../../run/validate-run";

const golden = "data/golden/trajectories";
const temporary = () => mkdtempSync(join(tmpdir(), "workbench-process-"));
const learning = { learningRate: 1e-3, schedule: "constant" };
let [judge, wholeJudge] = ["", ""];

beforeAll(async () => {
  judge = temporary();
  await trained(
    runConfig.parse({
      ...{ method: "prm", model: { source: `${golden}/model` }, adapter: { rank: 8, alpha: 16 } },
      data: { train: `${golden}/stepwise.jsonl`, heldOut: 0, maxLength: 256 },
      ...{ maxSteps: 30, optimizer: { ...learning, learningRate: 5e-3 }, prm: { stepSeparator: " " }, output: judge },
    }),
  );
  wholeJudge = temporary();
  cpSync(judge, wholeJudge, { recursive: true });
  writeFileSync(join(wholeJudge, "process.json"), JSON.stringify({ stepSeparator: "\n\u00a7\n" })); // no answer holds it
});

function config(method: "grpo" | "ppo", options: object, rest: object = {}): RunConfig {
  const sizes = { grpo: { prompts: 3, numGenerations: 4 }, ppo: { rollouts: 8 } }[method];
  return runConfig.parse({
    method,
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16, init: `${golden}/ppo/policy_init` }, // it ends answers by itself
    reference: "initial",
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    optimizer: learning,
    [method]: { ...sizes, maxCompletionLength: 24, temperature: 0.7, numMiniBatches: 2, ...options },
    ...{ output: temporary(), maxSteps: 4, ...rest },
  });
}
const adapterOf = ({ output }: RunConfig) => readFileSync(join(output, "adapter_model.safetensors"));

describe("a process reward model whose only step is the whole answer gives the outcome's run, to the last bit", () => {
  test.each<["grpo" | "ppo", object]>([
    ["grpo", { lossType: "grpo", beta: 0.04, missingEosPenalty: 0.5, rewardClip: 0.6 }],
    ["grpo", { lossType: "sapo", scaleRewards: "batch" }],
    ["grpo", { lossType: "cispo", scaleRewards: "none", dynamicSamplingBatches: 2 }],
    ["ppo", { whitenRewards: true, rewardClip: 0.6, numPpoEpochs: 1 }],
    ["ppo", { klPlacement: "loss", klEstimator: "k3", value: { head: "actor" }, numPpoEpochs: 1 }],
  ])("%s %o", async (method, options) => {
    const of = (supervision: string) => config(method, { ...options, reward: { model: wholeJudge }, supervision });
    const [outcome, process] = [of("outcome"), of("process")];
    const [a, b] = [await trained(outcome), await trained(process)];
    for (const [i, row] of a.rows.entries()) {
      const { "completions/mean_steps": steps, ...same } = b.rows[i]!;
      expect(steps).toBe(1);
      for (const name of ["loss", "grad_norm", "objective/scores", "reward_std", "score/model"] as const)
        expect(same[name], name).toBe(row[name]);
      expect(row.grad_norm).toBeGreaterThan(0);
    }
    expect(a.rows.length).toBeGreaterThan(1);
    expect(adapterOf(process).equals(adapterOf(outcome))).toBe(true);
    const bySteps = config(method, { ...options, reward: { model: judge }, supervision: "process" });
    await trained(bySteps);
    expect(adapterOf(bySteps).equals(adapterOf(outcome))).toBe(false);
  });
});

describe.each([
  ["grpo", { beta: 0.04, numIterations: 2 }],
  ["ppo", { numPpoEpochs: 2, missingEosPenalty: 0 }],
] as const)("%s of steps and an outcome", (method, options) => {
  const reward = () => ({ model: judge, rules: { pattern: { expression: "e" } } });
  const of = (rest: object = {}, more: object = {}) =>
    config(method, { ...options, reward: reward(), supervision: "process", ...more }, rest);

  test("shows steps at their tokens and the outcome at the last, and the score is their sum", async () => {
    const asked = of({ maxSteps: 4 }, method === "ppo" ? { klCoef: 0 } : {});
    expect(chartsOf(asked, false)).toContain("rolloutSteps");
    const { rows, traced } = await trained(asked);
    expect(rows[0]!["completions/mean_steps"]).toBeGreaterThan(1.5);
    for (const { tokens, columns, score } of traced) {
      const rewards = columns.reward!;
      expect(sum(rewards)).toBeCloseTo(score!, 2); // shown with four digits
      const rewarded = rewards.flatMap((value, t) => (value === 0 ? [] : [t]));
      expect(rewarded.at(-1)).toBe(tokens.length - 1);
      // tokens of this model begin with a space: a step is complete with the token that brings the space after it
      for (const t of rewarded.slice(0, -1)) expect(tokens[t]).toMatch(/\s/);
    }
    expect(
      Math.max(...traced.map(({ columns }) => columns.reward!.filter((value) => value !== 0).length)),
    ).toBeGreaterThan(1);
  });

  test("micro-batches make the loss and gradient of the whole, and a stop changes no bit", async () => {
    const whole = await trained(of({ maxSteps: 2 }, { numMiniBatches: 1 }));
    const parts = await trained(of({ maxSteps: 2, microBatchTokens: 60 }, { numMiniBatches: 1 }));
    expect(parts.rows[0]!.loss).toBeCloseTo(whole.rows[0]!.loss!, 5);
    expect(parts.rows[0]!.grad_norm! / whole.rows[0]!.grad_norm!).toBeCloseTo(1, 3);
    const [straight, halted] = [of({ maxSteps: 8 }), of({ maxSteps: 8 })];
    await trained(straight);
    const first = await trained(halted, [], 4);
    await trained(halted, first.saved);
    expect(adapterOf(halted).equals(adapterOf(straight))).toBe(true);
  });
});

test("steps are scored where the model was trained to, whatever stands beside them in a batch, and their verdict is the outcome's", async () => {
  const { model, tokenizer } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const texts = ["two and two is four", "no", "it is so, and it is not so, and who is to know it", ""];
  const answers = texts.map((text, i): Answered => {
    const prompt = `Question ${i}?`;
    return { prompt, query: tokenizer.document(prompt), response: [...tokenizer.encode(text), tokenizer.eos] };
  });
  const reward = createReward(
    rewardSource.parse({ model: judge, steps: "product", modelWeight: 2 }),
    true,
    model,
    tokenizer,
  );
  const together = reward(answers);
  expect(together.process!().outcomes).toEqual(texts.map(() => null));
  const [adapter, head] = [readAdapter(judge, model.config), readHead(judge, model.config.hiddenSize)];
  /** From the rows that training makes of such steps, by plain TensorFlow. */
  const asTrained = (prompt: string, steps: string[]) => {
    const options = { stepSeparator: " ", trainOnLastStepOnly: false };
    const labelled = steps.map((text) => ({ text, label: true }));
    const row = tokenizeSteps(tokenizer, { prompt, steps: labelled }, options, 256)!;
    const batch = tokenBatch([[judgedAt(row, tokenizer.pad)]], tokenizer.pad);
    const values = tokenValues(model, adapter, head, batch).sigmoid().dataSync();
    return [...values].filter((_, t) => batch.mask.dataSync()[t] === 1);
  };
  for (const [i, answer] of answers.entries()) {
    const [alone] = reward([answer]).process!().steps as [{ at: number; reward: number }[]];
    const own = together.process!().steps[i]!;
    expect(own.map(({ at }) => at)).toEqual(alone.map(({ at }) => at));
    expect(own.map(({ reward }) => expect.closeTo(reward, 5))).toEqual(alone.map(({ reward }) => reward));
    const expected = asTrained(answer.prompt as string, texts[i]!.split(" "));
    expect(own.map(({ reward }) => expect.closeTo(reward / 2, 5))).toEqual(expected);
    const product = own.reduce((all, { reward }) => (all * reward) / 2, 1);
    expect(together.parts.model![i]).toBeCloseTo(product, 5);
  }
});

test("what process supervision cannot do is refused at the field that is to blame", async () => {
  const of = (options: object) => config("grpo", { supervision: "process", reward: { model: judge }, ...options });
  expect(() => of({ reward: { gold: "film-reviews" } })).toThrow("name one");
  expect(() => of({ reward: { model: [judge, judge] } })).toThrow("name one");
  expect(() => of({ importanceSamplingLevel: "sequence" })).toThrow("take token");
  await expect(examine(of({ reward: { model: `${golden}/reward_init` } }), [])).rejects.toMatchObject({
    path: "grpo.reward.model",
    message: expect.stringContaining("scores answers as wholes"),
  });
  await examine(of({}), []);
});

test("in an episode every turn's steps are rewarded in it, what the environment said is not, and its points are the outcome", async () => {
  const folder = temporary();
  const asksOnce = `export const step = ({ conversations }) => conversations.map((turns) =>
    turns.filter(({ role }) => role === "assistant").length < 2 ? { messages: "And what else? And why?" } : { reward: 5 });`;
  writeFileSync(join(folder, "asks-once.mjs"), asksOnce);
  writeFileSync(join(folder, "prompts.jsonl"), '{"prompt": [{"role": "user", "content": "Review the film"}]}');
  const ofTiny = { model: { source: "tiny" }, maxSteps: 1 };
  const [reviews, run] = [temporary(), temporary()];
  await trained(
    runConfig.parse({
      ...{ ...ofTiny, method: "prm", prm: { stepSeparator: ". " }, output: reviews },
      data: { train: `${golden}/stepwise.jsonl`, heldOut: 0, maxLength: 256 },
    }),
  );
  const { traced, rows } = await trained(
    runConfig.parse({
      ...{ ...ofTiny, method: "grpo", data: { train: join(folder, "prompts.jsonl"), heldOut: 0 }, output: run },
      grpo: {
        ...{ prompts: 1, numGenerations: 4, maxCompletionLength: 128, reward: { model: reviews } },
        ...{ supervision: "process", environment: { file: join(folder, "asks-once.mjs"), maxTurns: 2 } },
      },
    }),
  );
  expect(rows[0]!["completions/mean_steps"]).toBeGreaterThan(rows[0]!["completions/mean_turns"]!);
  const inTurns = traced.filter(({ given }) => given?.includes(true));
  expect(inTurns.length).toBeGreaterThan(0);
  for (const { given, columns } of inTurns) {
    const [reward, advantage] = [columns.reward!, columns.advantage!];
    for (const [t, isGiven] of given!.entries()) {
      if (isGiven) expect([reward[t], advantage[t]]).toEqual([0, 0]);
      else if (given![t + 1] ?? true) expect(reward[t]).toBeGreaterThan(0); // a turn ends here, and so does a step
    }
  }
  const ended = inTurns.filter(({ ended }) => ended);
  expect(ended.length).toBeGreaterThan(0);
  for (const { columns } of ended) expect(columns.reward!.at(-1)).toBeGreaterThan(5);
});
