// The geometric mixture of two policies: TRL 1.12.0's GeometricMixtureWrapper (data/golden/make-nash-md.py), and what follows from its definition.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readAdapter } from "../adapters/files";
import type { Adapter } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import { loadModel } from "../models/load";
import type { Model } from "../models/model";
import type { ChatTokenizer } from "../models/tokenizer";
import { logits, transformer } from "../models/transformer";
import { createSampler } from "./sampling";
import { causal } from "./segments";

const golden = "data/golden/trajectories";
const { prompts, answers } = (
  JSON.parse(readFileSync(`${golden}/nash-md.json`, "utf8")) as {
    mixtures: { prompts: number[][]; answers: { share: number; ids: number[][] }[] };
  }
).mixtures;

describe.each(["on", "off"])("the project's own ops %s", (ops) => {
  let [model, tokenizer]: [Model, ChatTokenizer] = [undefined!, undefined!];
  let policy: Adapter;
  beforeAll(async () => {
    vi.stubEnv("WORKBENCH_NATIVE", ops);
    ({ model, tokenizer } = await loadModel({ source: `${golden}/model`, dtype: "float32" }));
    policy = readAdapter(`${golden}/ppo/policy_init`, model.config);
  });
  afterAll(() => void vi.unstubAllEnvs());

  const sampled = (share: number | null, adapter: Adapter | null, temperature: number) =>
    createSampler(
      model,
      adapter,
      share === null ? null : { policy: { model, adapter: null }, share },
    )(prompts, {
      ...{ maxNewTokens: 24, temperature, ends: tokenizer.ends, pad: tokenizer.pad },
      streams: prompts.map((_, i) => `mixture/${i}`),
    });
  const idsOf = (completions: { ids: number[] }[]) => completions.map(({ ids }) => ids);

  test.each(answers)("greedy answers of the mixture are TRL's: $share of the reference", ({ share, ids }) => {
    expect(idsOf(sampled(share, policy, 0))).toEqual(ids);
  });

  test("with nothing of the other it is the policy, with nothing of its own the other", () => {
    const [own, other] = [sampled(null, policy, 1), sampled(null, null, 1)];
    expect(idsOf(own)).not.toEqual(idsOf(other));
    expect(idsOf(sampled(0, policy, 1))).toEqual(idsOf(own));
    expect(idsOf(sampled(1, policy, 1))).toEqual(idsOf(other));
  });

  test("log-probabilities are those of the mixed logits, normalised", () => {
    const [share, temperature] = [0.3, 0.7];
    const { ids, logProbs } = sampled(share, policy, temperature)[0]!;
    const all = [...prompts[0]!, ...ids];
    const scoresBy = (adapter: Adapter | null) => {
      const sequence = {
        ids: tf.tensor2d([all], undefined, "int32"),
        positions: tf.tensor2d([[...all.keys()]], undefined, "int32"),
      };
      return logits(model, adapter, transformer(model, adapter, sequence, causal(model.config)));
    };
    const mixed = tf.tidy(() => {
      const scores = scoresBy(policy)
        .mul(1 - share)
        .add(scoresBy(null).mul(share));
      return tf.logSoftmax(scores.div(temperature)).arraySync() as number[][];
    });
    ids.forEach((id, t) => {
      expect(logProbs[t]).toBeCloseTo(mixed[prompts[0]!.length - 1 + t]![id]!, 4);
    });
  });

  test("frees every tensor it makes", () => {
    const before = tf.memory().numTensors;
    sampled(0.5, policy, 1);
    expect(tf.memory().numTensors).toBe(before);
  });
});
