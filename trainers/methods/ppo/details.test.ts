// The details that make PPO work, by the numbers of "The N implementation details of RLHF with PPO" (Huang et al. 2023) and what came
// after it (Huang et al. 2024, arXiv 2403.17031): one test each, of the part that it is about.

import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Message } from "../../../spec/chat";
import { runConfig } from "../../../spec/config";
import { rewardSource } from "../../../spec/fields/rewards";
import type { PpoConfig } from "../../../spec/methods/ppo";
import { explainedVariance, mean, sum, whiten } from "../../../spec/statistics";
import { readAdapter } from "../../adapters/files";
import { createAdapter } from "../../adapters/kinds";
import type { Example } from "../../data/dataset";
import { batchRows } from "../../data/row-batches";
import { tokenizePrompt } from "../../data/tokenize";
import type { Adapter } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import { samplingSource } from "../../environments/sampling-source";
import { tokenBatch } from "../../inference/batches";
import { answerRewards, tokenLogProbs, tokenScores, tokenValues } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { loadModel } from "../../models/load";
import type { Model } from "../../models/model";
import { createHead, readHead } from "../../models/score-head";
import type { ChatTokenizer } from "../../models/tokenizer";
import { sequence } from "../../rewards/answered";
import { createReward } from "../../rewards/rewards";
import { createOptimizer } from "../../run/optimizer";
import { scheduledRate } from "../../run/schedule";
import { createRollouts, klEstimate, type Rollout, type RolloutOptions } from "../shared/rollout";
import { createUpdates } from "../shared/updates";
import { createCritic } from "./critic";
import { adaptedKl, estimated, generalizedAdvantages, policyLoss, valueLoss } from "./loss";

const golden = "data/golden/trajectories";
const scorer = `${golden}/reward_init`;
let model: Model;
let tokenizer: ChatTokenizer;
let policy: Adapter;
beforeAll(async () => {
  ({ model, tokenizer } = await loadModel({ source: `${golden}/model`, dtype: "float32" }));
  policy = readAdapter(`${golden}/ppo/policy_init`, model.config); // it ends answers by itself
});

const configOf = (ppo: object = {}, rest: object = {}) =>
  runConfig.parse({
    method: "ppo",
    model: { source: `${golden}/model` },
    data: { train: "prompts.jsonl" },
    ppo: { reward: { model: scorer }, ...ppo },
    output: "none",
    ...rest,
  }) as PpoConfig;

const query = [5, 9, 14, 20];
const row = (response: number[], from = query) => sequence({ query: from, response });
const batchOf = (...rows: ReturnType<typeof row>[]) =>
  tokenBatch(
    rows.map((one) => [one]),
    tokenizer.pad,
  );
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

const usual: RolloutOptions = {
  maxCompletionLength: 32,
  temperature: 0.6,
  klEstimator: "k1",
  missingEosPenalty: 0,
  rewardClip: null,
  scorePlacement: "eos",
};
let prompts: Example<unknown>[];
beforeAll(() => {
  const lines = readFileSync(`${golden}/pairs.jsonl`, "utf8").trim().split("\n").slice(0, 8);
  prompts = lines.map((line) => {
    const { prompt } = JSON.parse(line) as { prompt: Message[] };
    return { tokens: null, prompt, promptIds: tokenizePrompt(tokenizer, prompt) };
  });
});
const sourceWith = (
  options: Partial<RolloutOptions>,
  cuts = { epochs: 1, numMiniBatches: 1 },
  chatTokenizer = tokenizer,
) =>
  samplingSource(
    { context: { model, policy }, tokenizer: chatTokenizer, note() {} },
    configOf({}, { data: { train: "prompts.jsonl", order: "sequential" } }),
    { ...usual, ...options, ...cuts, prompts: 8, numGenerations: 1 },
    prompts,
  );
function rolloutsWith(options: Partial<RolloutOptions>, reference: Adapter | null = null, chatTokenizer = tokenizer) {
  const reward = createReward(rewardSource.parse({ model: scorer }), false, model, chatTokenizer);
  return createRollouts(
    { model, policy, whole: null, microBatchTokens: 4096 },
    { reward, reference: { model, adapter: reference }, tokenizer: chatTokenizer, critic: null },
    sourceWith(options, { epochs: 1, numMiniBatches: 1 }, chatTokenizer),
    { ...usual, ...options },
  )(0);
}
function scorerWith(scale: { mean: number; deviation: number }): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  cpSync(scorer, folder, { recursive: true });
  writeFileSync(join(folder, "reward.json"), JSON.stringify(scale));
  return folder;
}
const plain = { gamma: 1, lam: 0.95, whitenRewards: false, whitenAdvantages: false };
const answer = (score: number, kl: number[], predicted = kl.map(() => 0)): Rollout => {
  const response = kl.map(() => 9);
  return {
    ...row(response),
    prompt: null,
    query,
    response,
    inputTokens: row(response),
    ended: true,
    logProbs: kl,
    reference: kl.map(() => 0),
    values: predicted,
    kl,
    score,
    outcome: score,
    steps: [],
  };
};
const asRollouts = (...rows: Rollout[]) => ({ rows, stats: {}, samplerDistance: 0, kl: 0 });

test("detail 1: reward and value read the query too, not the response alone", () => {
  const [adapter, head] = [readAdapter(scorer, model.config), readHead(scorer, model.config.hiddenSize)];
  const batches = [query, [30, 31, 32, 33]].map((from) => batchOf(row([6, 7, 8], from)));
  const [a, b] = batches.map((batch) => values(answerRewards(model, adapter, head, batch))[0]!);
  expect(a).not.toBeCloseTo(b!, 3);
  const [v, w] = batches.map((batch) => values(tokenValues(model, adapter, head, batch))[2]!);
  expect(v).not.toBeCloseTo(w!, 3);
});

test("detail 2: padding is a token of its own, and the end of an answer is scored", async () => {
  for (const source of ["tiny", `${golden}/model`]) {
    const { tokenizer } = await loadModel({ source, dtype: "float32" });
    expect(tokenizer.pad).not.toBe(tokenizer.eos);
  }
  expect(row([6, tokenizer.eos]).completion_mask).toEqual([0, 0, 0, 0, 1, 1]);
});

test("detail 3: what stands beside a row, and how far it is padded, changes nothing", () => {
  const alone = tokenLogProbs(model, policy, batchOf(row([6, 7, 8])));
  const beside = tokenLogProbs(model, policy, batchOf(row([6, 7, 8]), row(Array(30).fill(11), Array(19).fill(12))));
  values(alone)
    .slice(0, 3)
    .forEach((value, t) => {
      expect(values(beside)[t]).toBeCloseTo(value, 5);
    });
});

test("detail 4: nothing is cut from the distribution, and the sampling temperature stands in the log-probabilities", () => {
  const sample = { maxNewTokens: 12, temperature: 0.7, ends: tokenizer.ends, pad: tokenizer.pad, streams: ["a"] };
  const [said] = createSampler(model, policy)([query], sample);
  const { logProbs } = tokenScores(model, policy, batchOf(row(said!.ids)), 0.7);
  said!.logProbs.forEach((value, t) => {
    expect(values(logProbs)[t]).toBeCloseTo(value, 4);
  });
});

test("detail 5: the learning rate falls to 0 over the whole run", () => {
  const { optimizer } = configOf();
  expect(optimizer.schedule).toBe("linear");
  expect(scheduledRate(optimizer, 99, 100)).toBeCloseTo(optimizer.learningRate / 100, 12);
});

test("detail 6: prompts are shuffled by the seed, and come again once all were asked", () => {
  const all = Array.from({ length: 10 }, (_, i) => i);
  const asked = [0, 1].flatMap((update) => batchRows(all, 5, update, "shuffled", 1));
  expect(asked.toSorted((a, b) => a - b)).toEqual(all);
  expect(asked).not.toEqual(all);
  expect(batchRows(all, 5, 2, "shuffled", 1).every((prompt) => all.includes(prompt))).toBe(true);
});

test("detail 7: the score stands at the answer's last token alone", () => {
  const { rows } = estimated(asRollouts(answer(3, [0, 0, 0, 0])), 0.1, { ...plain, lam: 0, gamma: 1 });
  expect(rows[0]!.advantages).toEqual([0, 0, 0, 3]); // λ = 0 and values of 0: an advantage is the token's own reward
});

test("detail 8: a reward model's head starts normal with deviation 1/√(d + 1), and has no bias", () => {
  const d = 4000;
  const head = values(createHead(null, d, 0));
  expect(Math.sqrt(mean(head.map((x) => x * x))) * Math.sqrt(d + 1)).toBeCloseTo(1, 1);
  expect(head).toHaveLength(d);
});

test("detail 9: scores are brought to mean 0 and deviation 1 by what reward.json says", () => {
  const folder = scorerWith({ mean: 0.5, deviation: 4 });
  const [raw, normal] = [false, true].map(
    (normalize) =>
      createReward(
        rewardSource.parse({ model: folder }),
        normalize,
        model,
        tokenizer,
      )([{ prompt: null, query, response: [6, 7] }]).scores[0]!,
  );
  expect(normal).toBeCloseTo((raw! - 0.5) / 4, 6);
});

test("detail 10: values start at 0, or where the reward model stands", () => {
  const fresh = createCritic(configOf({ reward: { gold: "film-reviews" } }), { model, policy, whole: null });
  expect(values(fresh.head).every((value) => value === 0)).toBe(true);
  const taught = createCritic(configOf(), { model, policy, whole: null });
  expect(values(taught.head)).toEqual(values(readHead(scorer, model.config.hiddenSize)));

  // scores that are brought to deviation 1 have values on that scale
  const folder = scorerWith({ mean: 0.5, deviation: 4 });
  const [whole, scaled] = [false, true].map((normalizeReward) =>
    values(createCritic(configOf({ reward: { model: folder }, normalizeReward }), { model, policy, whole: null }).head),
  );
  scaled!.forEach((value, i) => {
    expect(value).toBeCloseTo(whole![i]! / 4, 6);
  });
});

test("detail 11: no dropout anywhere", () => {
  expect(() => configOf({}, { adapter: { dropout: 0.05 } })).toThrow(/dropout/);
});

test("detail 12: an answer ends at its first EOS, and what is scored is that much", () => {
  const { rows } = rolloutsWith({});
  const ended = rows.filter(({ ended }) => ended);
  expect(ended.length).toBeGreaterThan(0);
  for (const { response } of ended) expect(response.indexOf(tokenizer.eos)).toBe(response.length - 1);
});

test("C4: PPO's answers end at each of the model's end tokens, and such an answer counts as ended", async () => {
  const { rows } = rolloutsWith({ maxCompletionLength: 24 });
  const cut = rows.find(({ ended }) => !ended)!;
  const extra = cut.response[6]!;
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  cpSync(`${golden}/model`, folder, { recursive: true });
  writeFileSync(join(folder, "generation_config.json"), JSON.stringify({ eos_token_id: [tokenizer.eos, extra] }));
  const several = await loadModel({ source: folder, dtype: "float32" });
  const again = rolloutsWith({ maxCompletionLength: 24 }, null, several.tokenizer).rows[rows.indexOf(cut)]!;
  expect(again.ended).toBe(true);
  expect(again.response).toEqual(cut.response.slice(0, cut.response.indexOf(extra) + 1));
});

test("detail 13: an answer that was cut loses the penalty, one that ended does not", () => {
  const [unfined, fined] = [0, 5].map(
    (missingEosPenalty) => rolloutsWith({ missingEosPenalty, maxCompletionLength: 24 }).rows,
  );
  expect(new Set(unfined!.map(({ ended }) => ended)).size).toBe(2);
  unfined!.forEach(({ score, ended }, i) => {
    expect(fined![i]!.score).toBeCloseTo(ended ? score : score - 5, 6);
  });
});

test("detail 14: γ = 1, λ = 0.95, and advantages are Σ (γλ)^l δ", () => {
  const { gamma, lam } = configOf().ppo;
  expect([gamma, lam]).toEqual([1, 0.95]);
  const [rewards, predicted] = [
    [0.3, -0.2, 1],
    [0.5, 0.1, -0.4],
  ];
  const deltas = rewards.map((reward, t) => reward + (predicted[t + 1] ?? 0) - predicted[t]!);
  const { advantages } = generalizedAdvantages(rewards, predicted, { gamma, lam });
  advantages.forEach((advantage, t) => {
    expect(advantage).toBeCloseTo(sum(deltas.slice(t).map((delta, l) => lam ** l * delta)), 12);
  });
});

test("detail 15: every epoch goes through all rollouts, in another order, a mini-batch at a time", () => {
  const rollouts = asRollouts(...Array.from({ length: 10 }, (_, i) => answer(i, [0.1 * i, 0])));
  const rows = rollouts.rows.map((row) => ({ ...row, advantage: row.score }));
  const collect = () => ({ rows, rollouts, stats: {} });
  const source = sourceWith({}, { epochs: 2, numMiniBatches: 3 });
  const updates = createUpdates(configOf(), source, { maxCompletionLength: 8 }, collect, () => {});
  const epochs = [0, 3].map((start) => [0, 1, 2].flatMap((part) => updates.rowsOf(start + part)));
  for (const epoch of epochs) expect(epoch.toSorted((a, b) => a.score - b.score)).toEqual(rows);
  expect(updates.method.distributions(0)).toEqual({
    scores: rows.map(({ score }) => score),
    advantages: rows.map(({ advantage }) => advantage),
    logRatios: rows.flatMap(({ kl, response }) => kl.slice(0, response.length)),
  });
  expect(epochs[0]).not.toEqual(epochs[1]);
  // that micro-batches make the same step as the whole: method.test.ts, "tokens at once"
});

test("explained variance: all of it, none, and worse than the mean", () => {
  const returns = [1, 2, 3, 6];
  expect(explainedVariance(returns, returns)).toBe(1);
  expect(explainedVariance([3, 3, 3, 3], returns)).toBeCloseTo(0, 12);
  expect(explainedVariance([6, 3, 2, 1], returns)).toBeLessThan(0);
  expect(explainedVariance([1, 2], [5, 5])).toBe(0);
});

test("detail 16: every token pays for its distance from the frozen reference, and at the start that is nothing", () => {
  const { rows } = estimated(asRollouts(answer(3, [0.5, -0.25, 1])), 0.1, { ...plain, lam: 0 });
  [-0.05, 0.025, 3 - 0.1].forEach((reward, t) => {
    expect(rows[0]!.advantages[t]).toBeCloseTo(reward, 12);
  });
  expect(rolloutsWith({}, policy).kl).toBe(0);
  expect(Math.abs(rolloutsWith({}, null).kl)).toBeGreaterThan(0.01);
});

test("detail 17: whitened rewards keep their mean, whitened advantages do not", () => {
  const rows = [[1, 2, 3], [7]];
  const [kept, moved] = [whiten(rows, true).flat(), whiten(rows).flat()];
  const deviation = (x: number[]) => Math.sqrt(sum(x.map((value) => (value - mean(x)) ** 2)) / (x.length - 1));
  expect(mean(kept)).toBeCloseTo(3.25, 6);
  expect(mean(moved)).toBeCloseTo(0, 6);
  expect([deviation(kept), deviation(moved)]).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)]);
});

test("detail 18: a value that moves too far costs what it would have cost unclipped, or more", () => {
  const [old, returns] = [tf.tensor2d([[0, 0]]), tf.tensor2d([[1, -1]])];
  const sampled = { logProbs: old, advantages: old, values: old, returns };
  const { losses, clipped } = valueLoss(tf.tensor2d([[0.9, 0.9]]), sampled, { cliprangeValue: 0.2 });
  const wanted = [0.5 * 0.8 ** 2, 0.5 * 1.9 ** 2]; // towards the return the clip holds back, away from it nothing is forgiven
  values(losses).forEach((loss, i) => {
    expect(loss).toBeCloseTo(wanted[i]!, 6);
  });
  expect(values(clipped)).toEqual([1, 0]);
});

test("detail 19: the KL coefficient seeks its target, by a fifth of the share at most", () => {
  const control = { target: 6, horizon: 10000 };
  expect(adaptedKl(0.2, 60, 64, control)).toBeCloseTo(0.2 * (1 + (0.2 * 64) / 10000), 12);
  expect(adaptedKl(0.2, 0, 64, control)).toBeCloseTo(0.2 * (1 - (0.2 * 64) / 10000), 12);
  expect(adaptedKl(0.2, 6.6, 64, control)).toBeCloseTo(0.2 * (1 + (0.1 * 64) / 10000), 12);
});

test("detail 20: ε stands beside the corrected root, as in PyTorch: the first step is lr · g/(|g| + ε)", () => {
  const { optimizer: config } = configOf({}, { optimizer: { epsilon: 1e-5, maxGradNorm: 1e9 } });
  const variable = tf.variable(tf.tensor1d([0]));
  createOptimizer(config, new Map([["x", variable]])).apply({ x: tf.tensor1d([2e-5]) }, 1);
  expect(values(variable)[0]).toBeCloseTo(-2 / 3, 5);
});

test("detail 21: an update that does not start at ratio 1, KL 0 and clip 0 is stopped with a sentence", () => {
  const collect = () => ({ rows: [], rollouts: asRollouts(), stats: {} });
  const updates = createUpdates(configOf(), sourceWith({}), { maxCompletionLength: 8 }, collect, () => {});
  const first = (stats: object) => () =>
    updates.method.validateStep(0, { "val/ratio": 1, "policy/approxkl_avg": 0, "policy/clipfrac_avg": 0, ...stats });
  expect(first({})).not.toThrow();
  for (const stats of [{ "val/ratio": 1.01 }, { "policy/approxkl_avg": 0.01 }, { "policy/clipfrac_avg": 0.1 }])
    expect(first(stats)).toThrow(/starts at the policy that was sampled/);
});

test("detail 22: the old log-probabilities are the trainer's own, and the sampler's agree with them", () => {
  const { rows, samplerDistance } = rolloutsWith({});
  const [{ inputTokens, logProbs }] = rows as [Rollout];
  const own = values(
    tokenScores(model, policy, tokenBatch([[inputTokens]], tokenizer.pad), usual.temperature).logProbs,
  );
  logProbs.forEach((value, t) => {
    expect(value).toBeCloseTo(own[t]!, 5);
  });
  expect(samplerDistance).toBeLessThan(1e-4);
});

test("detail 23: advantages are normalised unless somebody says no, and a reference may be any adapter", () => {
  expect(configOf().ppo.whitenAdvantages).toBe(true);
  expect(configOf({}, { reference: "some/folder" }).reference).toBe("some/folder");
});

test("detail 24: gradient clip 1, dual clip, a clamp of log-ratios, and a critic that may learn first", () => {
  const config = configOf();
  expect(config.optimizer.maxGradNorm).toBe(1);
  expect([config.ppo.dualClip, config.ppo.criticWarmup]).toEqual([null, 0]);
  const loss = (logRatio: number, options: object) => {
    const sampled = { logProbs: tf.tensor1d([0]), advantages: tf.tensor1d([-1]) };
    const { cliprange, dualClip, logRatioClamp } = { ...config.ppo, ...options };
    return values(policyLoss(tf.tensor1d([logRatio]), sampled, { cliprange, dualClip, logRatioClamp }).losses)[0]!;
  };
  expect(loss(100, {})).toBeCloseTo(Math.exp(20), -4);
  expect(loss(100, { dualClip: 3 })).toBeCloseTo(3, 5);
  expect(createAdapter(model.config, config.adapter!, 0).weights.size).toBeGreaterThan(0); // the warm-up itself: method.test.ts
});

test("detail 25: the KL that is logged is the estimator's, over the answer's tokens alone; the exact one is never negative", () => {
  expect(klEstimate("k1", -0.3)).toBe(-0.3);
  expect(klEstimate("k3", -0.3)).toBeCloseTo(Math.exp(0.3) - 1 - 0.3, 12);
  const padded = rolloutsWith({ scorePlacement: "trl" }).rows;
  for (const { kl, response } of padded) expect(sum(kl.slice(response.length))).toBe(0);
  const exact = rolloutsWith({ klEstimator: "full" });
  for (const { kl } of exact.rows) expect(Math.min(...kl)).toBeGreaterThan(-1e-5);
  expect(exact.stats["objective/kl"]).toBeCloseTo(mean(exact.rows.map(({ kl }) => sum(kl))), 6);
});
