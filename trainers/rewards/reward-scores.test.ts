// What a reward model says of an answer is one number, whoever asks: training, held-out evaluation, `score`, rollouts, judges, Transformers.

import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { Message } from "../../spec/chat";
import { runConfig } from "../../spec/config";
import { rewardSource } from "../../spec/fields/rewards";
import type { GrpoConfig } from "../../spec/methods/grpo";
import type { PpoConfig } from "../../spec/methods/ppo";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { readAdapter } from "../adapters/files";
import { tokenizePair, tokenizePrompt } from "../data/tokenize";
import { tf } from "../engine/tensorflow";
import { samplingSource } from "../environments/sampling-source";
import { tokenBatch } from "../inference/batches";
import { answerRewards } from "../inference/policy";
import { createRollouts } from "../methods/shared/rollout";
import { loadModel } from "../models/load";
import { readHead } from "../models/score-head";
import { silent } from "../run/observer";
import { run } from "../run/train";
import { byScore } from "./judges";
import { createReward } from "./rewards";
import { completionScorer } from "./score-completions";
import { scorePairs } from "./score-pairs";

const golden = "data/golden/trajectories";
const rewardModel = `${golden}/reward_init`;
/** Scores by Transformers 5.23.0 and PEFT 0.21.2, in double precision. */
const { prompt, answers, cases } = JSON.parse(readFileSync("data/golden/reward-scores/scores.json", "utf8")) as {
  prompt: Message[];
  answers: string[];
  cases: { name: string; template: string; scores: number[] }[];
};

/** The golden model with another chat template. */
function modelWith(template: string): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-template-"));
  for (const name of ["config.json", "model.safetensors", "tokenizer.json"])
    symlinkSync(resolve(golden, "model", name), join(folder, name));
  const config = JSON.parse(readFileSync(`${golden}/model/tokenizer_config.json`, "utf8")) as object;
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify({ ...config, chat_template: template }));
  return folder;
}

const said = (content: string): Message[] => [{ role: "assistant", content }];
const pair = { prompt, chosen: said(answers[0]!), rejected: said(answers[1]!) };

function expectEach(found: number[], wanted: number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `${value} should be ${wanted[i]}`).toBeLessThan(1e-6);
  });
}

test.each(cases)(
  "R1: an answer's score is the one that Transformers reads, in training, evaluation, `score`, rollouts and judges ($name)",
  async ({ template, scores }) => {
    const source = modelWith(template);
    const { model, tokenizer } = await loadModel({ source, dtype: "float32" });

    const { chosen, rejected } = tokenizePair(tokenizer, pair, 256)!;
    const trained = tf.tidy(() => {
      const batch = tokenBatch([[chosen, rejected]], tokenizer.pad);
      const adapter = readAdapter(rewardModel, model.config);
      return [...answerRewards(model, adapter, readHead(rewardModel, model.config.hiddenSize), batch).dataSync()];
    });
    expectEach(trained, scores.slice(0, 2));

    expectEach([await heldOutMean(source)], [(scores[0]! + scores[1]!) / 2]);

    expectEach(await scoredFirst(source, answers), scores);

    // as a policy samples them: ended by EOS, or cut before it
    const reward = createReward(rewardSource.parse({ model: rewardModel }), false, model, tokenizer);
    const query = tokenizePrompt(tokenizer, prompt);
    for (const end of [[tokenizer.eos], []]) {
      const sampled = answers.map((text) => ({ prompt, query, response: [...tokenizer.encode(text), ...end] }));
      expectEach(reward(sampled).scores, scores);
      const judged = await byScore(reward)(
        0,
        [{ given: { input_ids: query, completion_mask: [] }, answers: sampled, whole: sampled }],
        new AbortController().signal,
      );
      expectEach([judged!.stats["objective/scores"]!], [scores.reduce((a, b) => a + b, 0) / scores.length]);
    }

    // as another program that samples has them scored
    const run = runConfig.parse({
      ...{ method: "grpo", model: { source }, output: "unused", data: { train: "unused.jsonl" } },
      grpo: { reward: { model: rewardModel }, normalizeReward: false },
    });
    const scoreOthers = await completionScorer(run as GrpoConfig, ".");
    const asked = answers.map((text) => ({ prompt, completion_ids: [...tokenizer.encode(text), tokenizer.eos] }));
    expectEach(scoreOthers(asked).scores as number[], scores);

    // what a rollout is given equals what `score` says of the same text
    const context = { model, policy: null, whole: null, microBatchTokens: 4096 };
    const config = runConfig.parse({
      method: "ppo",
      model: { source },
      data: { train: "given below", order: "sequential" },
      ppo: { rollouts: 8, maxCompletionLength: 12, reward: { model: rewardModel } },
      output: "none",
    }) as PpoConfig;
    const options = { ...config.ppo, prompts: 1, numGenerations: 8, epochs: 1 };
    const { rows: rollouts } = createRollouts(
      context,
      { reward, reference: { model, adapter: null }, tokenizer, critic: null },
      samplingSource({ context, tokenizer, note() {} }, config, options, [{ tokens: null, prompt, promptIds: query }]),
      { ...options, missingEosPenalty: 0 },
    )(0);
    expectEach(
      rollouts.map(({ score }) => score),
      await scoredFirst(
        source,
        rollouts.map(({ response }) => tokenizer.decode(response).trim()),
      ),
    );
  },
);

/** What `workbench score` says of each text as the first answer of a pair. */
async function scoredFirst(source: string, texts: string[]): Promise<number[]> {
  const scores: number[] = [];
  const pairs = texts.map((first, id) => ({ id, prompt, first, second: answers[0]! }));
  await scorePairs(source, rewardModel, pairs, (some) => {
    for (const { id, first } of some) scores[id] = first;
  });
  return scores;
}

/** The mean score of both answers of the pair, as a reward run's evaluation before its first step has it. */
async function heldOutMean(source: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  const data = join(folder, "pair.jsonl");
  writeFileSync(data, `${JSON.stringify(pair)}\n`);
  const config = runConfig.parse({
    method: "reward",
    model: { source },
    adapter: { rank: 8, alpha: 16, init: rewardModel },
    reward: { headInit: rewardModel },
    data: { train: data, eval: data },
    maxSteps: 1,
    evalEvery: 1,
    output: join(folder, "run"),
  });
  const rows: MetricRow[] = [];
  const observer = { ...silent, metrics: (row: MetricRow) => void rows.push(row) };
  await run(config, { observer, signal: new AbortController().signal });
  return rows[0]!.eval_mean_reward!;
}
