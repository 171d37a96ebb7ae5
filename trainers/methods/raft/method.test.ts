// Rounds of RAFT: what is kept, that learning from it is SFT, where it leads, and that a stop between rounds changes nothing.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../../spec/config";
import type { RaftConfig } from "../../../spec/methods/raft";
import {
  distance,
  reference,
  referenceLogits,
  reward as rewardTable,
  softmax,
  tabularOptimizer,
} from "../../../test/tabular";
import { tracedRun as trained } from "../../../test/traced-run";
import { readAdapter } from "../../adapters/files";
import { promptRows } from "../../data/prompt-rows";
import { writeTokenFile } from "../../data/token-file";
import { tf } from "../../engine/tensorflow";
import { loadModel } from "../../models/load";
import { type Answered, sequence } from "../../rewards/answered";
import { sftLoss } from "../sft/loss";
import { candidatesOfRounds } from "../shared/rounds";
import { bestOf } from "./best";
import { keptOf } from "./method";

const golden = "data/golden/trajectories";
const folder = () => mkdtempSync(join(tmpdir(), "workbench-test-"));

const configOf = (raft: object, other: object = {}): RunConfig =>
  runConfig.parse({
    method: "raft",
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16, init: `${golden}/ppo/policy_init` }, // it ends answers by itself
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256, order: "sequential" },
    batchSize: 4,
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    raft: {
      ...{ rounds: 3, promptsPerRound: 8, numGenerations: 4, maxCompletionLength: 48, temperature: 0.6 },
      reward: { rules: { length: { min: 48, max: 48 } } },
      ...raft,
    },
    output: folder(),
    ...other,
  });

const adapterOf = ({ output }: RunConfig) => readFileSync(join(output, "adapter_model.safetensors"));

test("a round is SFT on the longest ended answer to each prompt, where the reward is for long ones: the same bits", async () => {
  const config = configOf({ rounds: 1, epochs: 2 }) as RaftConfig;
  const { rows } = await trained(config);
  const { model, tokenizer } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const context = { model, policy: readAdapter(`${golden}/ppo/policy_init`, model.config), whole: null };
  const setup = { context: { ...context, microBatchTokens: 0 }, tokenizer };
  const { train } = await promptRows(config, tokenizer);
  const longest = candidatesOfRounds(
    setup,
    config,
    config.raft,
    train,
  )(0).candidates.flatMap(
    ({ answers }) =>
      answers
        .filter(({ response }) => tokenizer.ends.has(response.at(-1)!))
        .toSorted((a, b) => b.response.length - a.response.length)[0] ?? [],
  );
  expect(rows[0]!["objective/kept"]).toBe(longest.length);
  const tokens = join(folder(), "kept.json");
  writeTokenFile(tokens, tokenizer.pad, longest.map(sequence));
  const { raft: _, ...common } = config;
  const sft = runConfig.parse({
    ...{ ...common, method: "sft", output: folder(), maxSteps: 4 },
    data: { tokens, order: "sequential" },
  });
  const imitated = await trained(sft);
  expect(rows.map(({ step }) => step)).toEqual([4]); // a line a round
  expect(imitated.rows).toHaveLength(4);
  expect(adapterOf(config).equals(adapterOf(sft))).toBe(true);
});

const answer = (token: number): Answered => ({ prompt: null, query: [], response: [token] });

test("kept is the first of the best that are whole, and nothing that scores below the bound", () => {
  const [a, b, c] = [answer(1), answer(2), answer(3)];
  const score = ({ response }: Answered) => [0, 1, 2, 2][response[0]!]!;
  expect(bestOf({ whole: [a, b, c] }, score, null)).toEqual({ answer: b, score: 2 });
  expect(bestOf({ whole: [a] }, score, 2)).toBeNull();
  expect(bestOf({ whole: [a, c] }, score, 2)!.answer).toBe(c);
  expect(bestOf({ whole: [] }, score, null)).toBeNull();
});

test("an answer that every part of the reward abstains from is not kept", () => {
  const answers = [answer(1), answer(2)];
  const reward = () => ({ scores: [-1, 0], parts: { answer: [-1, null] }, standardized: [] });
  const { kept, stats } = keptOf([{ given: sequence(answers[0]!), answers, whole: answers }], reward, null);
  expect(kept).toEqual([{ answer: answers[0], score: -1 }]);
  expect(stats["objective/scores"]).toBe(-1);
});

test("two rounds of the best of three end at the best of nine of the reference", () => {
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const optimizer = tabularOptimizer(logits);
  const table = () => (logits.arraySync() as number[][]).map(softmax);
  /** How often each answer is the best of three, over every three that may be drawn. */
  const kept = (policy: number[][]) =>
    policy.map((row, x) => {
      const shares = row.map(() => 0);
      const drawn = row.map((_, y) => answer(y));
      const scoreOf = ({ response }: Answered) => rewardTable[x]![response[0]!]!;
      for (const a of drawn)
        for (const b of drawn)
          for (const c of drawn) {
            const best = bestOf({ whole: [a, b, c] }, scoreOf, null)!.answer.response[0]!;
            shares[best]! += [a, b, c].reduce((share, { response }) => share * row[response[0]!]!, 1);
          }
      return shares;
    });
  for (let round = 0; round < 2; round++) {
    const often = tf.tensor2d(kept(table()));
    for (let step = 0; step < 400; step++) {
      const { grads } = tf.variableGrads(() => sftLoss(tf.logSoftmax(logits.clone()) as tf.Tensor2D, often));
      optimizer.apply({ table: grads[logits.name]! }, 0.1 * 0.99 ** step);
    }
  }
  // of n drawn all score at most as y does, and not all less: F(y)ⁿ − F(below y)ⁿ
  const bestOfNine = reference.map((row, x) => {
    const mass = (holds: (r: number) => boolean) =>
      row.reduce((sum, p, y) => sum + (holds(rewardTable[x]![y]!) ? p : 0), 0);
    return rewardTable[x]!.map((own) => mass((r) => r <= own) ** 9 - mass((r) => r < own) ** 9);
  });
  expect(distance(bestOfNine, reference)).toBeGreaterThan(0.3);
  expect(distance(bestOfNine, table())).toBeLessThan(1e-3);
});

test("stopped between rounds and resumed, it ends with the same bits; what it keeps scores higher than what it samples", async () => {
  const [straight, halted] = [configOf({}), configOf({})];
  const whole = await trained(straight);
  expect(whole.rows.map(({ step, round }) => [step, round])).toEqual([
    [2, 1],
    [4, 2],
    [6, 3],
  ]);
  for (const row of whole.rows) expect(row["objective/kept_scores"]).toBeGreaterThan(row["objective/scores"]!);
  const first = await trained(halted, [], 2);
  const second = await trained(halted, first.saved);
  expect([...first.rows, ...second.rows].map(({ loss }) => loss)).toEqual(whole.rows.map(({ loss }) => loss));
  expect(adapterOf(halted).equals(adapterOf(straight))).toBe(true);
});

test("a round that keeps nothing says why", async () => {
  await expect(trained(configOf({ minReward: 2 }))).rejects.toThrow("scored less than raft.minReward, 2");
});

test("on tiny it raises the oracle reward", async () => {
  const config = configOf(
    {
      rounds: 4,
      promptsPerRound: 32,
      numGenerations: 6,
      maxCompletionLength: 24,
      temperature: 1,
      reward: { gold: "film-reviews" },
    },
    {
      ...{ model: { source: "tiny" }, adapter: { rank: 8, alpha: 16 }, batchSize: 16 },
      data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 96 },
    },
  );
  const { rows } = await trained(config);
  const scores = rows.map((row) => row["objective/scores"]!);
  expect(scores).toHaveLength(4);
  expect(scores.at(-1)! - scores[0]!).toBeGreaterThan(0.1);
});
