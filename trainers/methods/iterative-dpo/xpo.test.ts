// XPO, which is iterative DPO with an answer of the reference in each pair. Expected numbers: TRL 1.12.0 (data/golden/make-xpo.py).
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import golden from "../../../data/golden/losses/trl-1.12-xpo.json" with { type: "json" };
import { type RunConfig, runConfig } from "../../../spec/config";
import { dpo } from "../../../spec/methods/dpo";
import type { IterativeDpoConfig } from "../../../spec/methods/iterative-dpo";
import { expectClose } from "../../../test/golden";
import { trained } from "../../../test/stopped-runs";
import { readAdapter } from "../../adapters/files";
import { promptRows } from "../../data/prompt-rows";
import { singleGroup } from "../../data/tokenize";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { sequenceLogProbs } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { loadModel } from "../../models/load";
import { sequence } from "../../rewards/answered";
import { dpoLoss, exploration } from "../dpo/loss";
import { candidatesOfRounds } from "../shared/rounds";

type By = { model: number[][]; reference: number[][] };

/** What TRL has by who sampled it, as chosen answers before rejected ones. */
function ordered({ model, reference }: By): number[][] {
  const of = (own: boolean) => golden.chosen.map((chosen, i) => (chosen === own ? model : reference)[i]!);
  return [...of(true), ...of(false)];
}

test.each(golden.cases)("loss and gradient are TRL's: $options", ({ options: { beta, alpha }, loss, gradient }) => {
  const [logProbs, reference, mask] = [golden.logps, golden.reference_logps, golden.mask].map((by) =>
    tf.tensor2d(ordered(by)),
  ) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const explored = tf.tensor1d([
    ...golden.chosen.map((own) => (own ? 0 : 1)),
    ...golden.chosen.map((own) => (own ? 1 : 0)),
  ]);
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => {
    const answers = { logProbs: x as tf.Tensor2D, mask };
    const pairs = dpoLoss(answers, reference, dpo.options.parse({ beta }), tf.scalar(1));
    return pairs.loss.add(exploration(answers, explored, alpha)) as tf.Scalar;
  })(logProbs);
  expectClose(value, loss);
  expectClose(grad, ordered(gradient));
});

const source = "data/golden/trajectories";
const start = `${source}/ppo/policy_init`; // it ends answers by itself
const configOf = (iterativeDpo: object = {}): RunConfig =>
  runConfig.parse({
    method: "iterative-dpo",
    model: { source: `${source}/model` },
    adapter: { rank: 8, alpha: 16, init: start },
    data: { train: `${source}/pairs.jsonl`, maxLength: 256, order: "sequential" },
    batchSize: 32,
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    iterativeDpo: {
      ...{ rounds: 3, promptsPerRound: 8, numGenerations: 2, maxCompletionLength: 48, temperature: 0.6, alpha: 0.01 },
      judge: { rules: { length: { min: 48, max: 48 } } },
      ...iterativeDpo,
    },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
  });

test("where policy and reference are the same, the loss is log 2 and α times the log-probability of the reference's answers", async () => {
  const alpha = 0.01;
  const config = configOf({ alpha, rounds: 1, promptsPerRound: 32 }) as IterativeDpoConfig;
  const { losses } = await trained(config);
  const { model, tokenizer } = await loadModel({ source: `${source}/model`, dtype: "float32" });
  const policy = readAdapter(start, model.config);
  const setup = { context: { model, policy, whole: null, microBatchTokens: 0 }, tokenizer };
  const { train } = await promptRows(config, tokenizer);
  const rounds = candidatesOfRounds(setup, config, config.iterativeDpo, train, createSampler(model, policy));
  const pairs = rounds(0).candidates.filter(
    ({ whole: [a, b] }) => a && b && a.response.length !== b.response.length, // the judge has no pair in equal lengths
  );
  const explored = pairs.map(({ answers }) => sequence(answers[1]!));
  expect(explored.length).toBeGreaterThan(4);
  // a round's batch is as full as `batchSize` says: its pairs come round again
  const rows = Array.from({ length: 32 }, (_, i) => explored[i % explored.length]!);
  const logProbs = sequenceLogProbs(model, policy, tokenBatch(rows.map(singleGroup), tokenizer.pad));
  expect(losses.get(1)).toBeCloseTo(Math.log(2) + alpha * logProbs.mean().dataSync()[0]!, 5);
});

test("a run that is stopped goes on to the same bits", async () => {
  const [whole, broken] = [configOf(), configOf()];
  const straight = await trained(whole);
  expect(straight.losses.size).toBe(3);
  const first = await trained(broken, [], 1);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const adapterOf = ({ output }: RunConfig) => readFileSync(join(output, "adapter_model.safetensors"));
  expect(adapterOf(broken).equals(adapterOf(whole))).toBe(true);
});

test("it wants two completions, and a judge", () => {
  expect(() => configOf({ numGenerations: 3 })).toThrow("numGenerations to 2");
  expect(() => configOf({ chosen: "data", judge: {} })).toThrow("set chosen to best");
});
