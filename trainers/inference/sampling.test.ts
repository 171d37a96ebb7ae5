import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tf } from "../engine/tensorflow";
import { loadModel } from "../models/load";
import type { Model } from "../models/model";
import type { ChatTokenizer } from "../models/tokenizer";
import { logits, transformer } from "../models/transformer";
import { createSampler, type SamplingOptions } from "./sampling";
import { causal } from "./segments";

describe.each(["on", "off"])("the project's own ops %s", (ops) => {
  let model: Model;
  let tokenizer: ChatTokenizer;
  beforeAll(async () => {
    vi.stubEnv("WORKBENCH_NATIVE", ops);
    ({ model, tokenizer } = await loadModel({ source: "tiny", dtype: "float32" }));
  });
  afterAll(() => void vi.unstubAllEnvs());

  const ask = (text: string) => tokenizer.conversation([{ role: "user", content: text }], true);
  const sample = (prompts: number[][], streams: string[], temperature: number, more: Partial<SamplingOptions> = {}) =>
    createSampler(model, null)(prompts, {
      maxNewTokens: 24,
      temperature,
      ends: tokenizer.ends,
      pad: tokenizer.pad,
      streams,
      ...more,
    });

  /** Scores of the next token by a forward pass without cache or padding. */
  const scoresAfter = (ids: number[]) => {
    const positions = ids.map((_, i) => i);
    const [row, at] = [ids, positions].map((x) => tf.tensor2d([x], [1, x.length], "int32")) as [
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const hidden = transformer(model, null, { ids: row, positions: at }, causal(model.config));
    return logits(model, null, hidden.slice([ids.length - 1, 0], [1, -1]));
  };

  const likeliest = (ids: number[]) => tf.tidy(() => tf.argMax(scoresAfter(ids), -1).dataSync()[0]!);

  test("greedy answers over the cache equal those of full forward passes", () => {
    const prompts = [
      ask("Write a short review of the film The Quiet River."),
      ask("Review A Winter Bridge in a few sentences."),
    ];
    const completions = sample(prompts, ["a", "b"], 0);
    prompts.forEach((prompt, row) => {
      const ids = [...prompt];
      for (const token of completions[row]!.ids) {
        expect(token).toBe(likeliest(ids));
        ids.push(token);
      }
    });
  });

  test("a row that has come to enough is sampled no further; the others go on as they would", () => {
    const prompts = ["The Quiet River", "A Winter Bridge", "The Last Island"].map((film) => ask(`Review ${film}.`));
    const streams = ["a", "b", "c"];
    const whole = sample(prompts, streams, 1);
    const isEnough = (row: number, ids: readonly number[]) => row === 1 && ids.length === 3;
    const [first, second, third] = sample(prompts, streams, 1, { isEnough });
    expect([first!.ids, third!.ids]).toEqual([whole[0]!.ids, whole[2]!.ids]);
    expect(second).toMatchObject({ ids: whole[1]!.ids.slice(0, 3), ended: false });
  });

  test("an answer depends on its prompt and its stream, not on its neighbours", () => {
    const [short, long] = [
      ask("Review The Last Island in a few sentences."),
      ask("What did you think of The Borrowed Harbour and of the film A Northern Orchard?"),
    ];
    const [alone] = sample([short], ["x"], 1);
    const [, beside] = sample([long, short], ["y", "x"], 1);
    expect(beside!.ids).toEqual(alone!.ids);
    const [other] = sample([short], ["z"], 1);
    expect(other!.ids).not.toEqual(alone!.ids);
  });

  test("draws tokens as often as the model expects them", () => {
    const prompt = ask("Tell me about the film The Silver Lantern.");
    const n = 2000;
    const drawn = sample(
      Array<number[]>(n).fill(prompt),
      Array.from({ length: n }, (_, i) => `frequency/${i}`),
      1,
      { maxNewTokens: 1 },
    ).map(({ ids }) => ids[0]!);
    const probabilities = tf.tidy(() => tf.softmax(scoresAfter(prompt)).dataSync<"float32">());
    // χ² over the tokens expected at least 5 times, the rest pooled; 5 standard deviations above its mean leaves no chance of a false alarm
    const common = [...probabilities.keys()].filter((token) => probabilities[token]! * n >= 5);
    const cells = common.map((token) => [drawn.filter((d) => d === token).length, probabilities[token]! * n] as const);
    const chi2 = cells.reduce((sum, [seen, expected]) => sum + (seen - expected) ** 2 / expected, 0);
    expect(common.length).toBeGreaterThan(2);
    expect(chi2).toBeLessThan(common.length + 5 * Math.sqrt(2 * common.length));
  });

  test("frees every tensor it makes", () => {
    const before = tf.memory().numTensors;
    sample([ask("Review The Paper Garden in a few sentences.")], ["m"], 1);
    expect(tf.memory().numTensors).toBe(before);
  });
});
