import { expect, test } from "vitest";
import { rewardSource } from "../../spec/fields/rewards";
import { loadModel } from "../models/load";
import { createReward } from "./rewards";

const golden = "data/golden/trajectories";
const folders = [`${golden}/reward_init`, `${golden}/ppo/value_init`];

test("an ensemble's mean, minimum and lower bound, and a mix whose parts are told apart", async () => {
  const { model, tokenizer } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const texts = ["The Quiet River has a superb ending.", "It is a dull, dull film.", "Yes"];
  const answers = texts.map((text) => ({
    prompt: "What did you think of The Quiet River?",
    query: tokenizer.encode("What did you think of The Quiet River?"),
    response: tokenizer.encode(text),
  }));
  const scored = (source: object) => createReward(rewardSource.parse(source), true, model, tokenizer)(answers);
  const [first, second] = folders.map((folder) => scored({ model: folder }).scores);
  const both = first!.map((a, i) => [a, second![i]!] as const);
  const close = (values: (number | null)[] | undefined, wanted: number[]) =>
    wanted.forEach((value, i) => {
      expect(values![i]).toBeCloseTo(value, 5);
    });

  close(
    scored({ model: folders }).scores,
    both.map(([a, b]) => (a + b) / 2),
  );
  close(
    scored({ model: folders, ensemble: "minimum" }).scores,
    both.map(([a, b]) => Math.min(a, b)),
  );
  const bound = scored({ model: folders, ensemble: "lower-bound", lambda: 2 });
  close(
    bound.scores,
    both.map(([a, b]) => (a + b) / 2 - Math.abs(a - b)), // of two numbers the deviation is half their distance
  );
  close(
    bound.parts.deviation,
    both.map(([a, b]) => Math.abs(a - b) / 2),
  );

  const mix = scored({
    model: folders[0],
    modelWeight: 0.5,
    gold: "film-reviews",
    goldWeight: 2,
    rules: { pattern: { expression: "film", weight: -1 } },
  });
  expect(mix.parts.gold).toEqual([1, -2, 0]); // praise once; blame, and the same word again
  expect(mix.parts.pattern).toEqual([0, 1, 0]);
  close(
    mix.scores,
    first!.map((a, i) => a / 2 + 2 * [1, -2, 0][i]! - [0, 1, 0][i]!),
  );
});
