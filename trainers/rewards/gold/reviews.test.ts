import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { goldReward, prompts, writeReview } from "./reviews";
import { goldRewardFor } from "./tasks";

test.each([
  ["The story is superb and the cast is dull.", 0], // +1 −1
  ["The story is superb and the cast is superb.", 0], // +1, then −1 for saying it again
  ["It is a warm, funny film. I would see it again.", 3], // +1 +1 and a verdict
  ["The music is long. I left before the end.", -1],
])("oracle reward by hand: %s", (review, reward) => expect(goldReward(review)).toBe(reward));

test("knows its own prompts and no others", () => {
  expect(prompts()).toHaveLength(480);
  for (const prompt of prompts())
    expect(goldRewardFor([{ role: "user", content: prompt }], "It is a warm, dull film.")).toBe(0);
  expect(goldRewardFor("How do I boil an egg?", "It is a warm film.")).toBeNull();
});

test("the grammar writes reviews of every quality", () => {
  const random = createRandom("test");
  const rewards = prompts().map((prompt) => goldReward(writeReview(prompt, random)));
  for (const reward of [-3, -2, -1, 0, 1, 2, 3]) expect(rewards).toContain(reward);
});
