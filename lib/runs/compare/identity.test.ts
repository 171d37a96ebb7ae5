import { expect, test } from "vitest";
import type { ComparedRun } from "./compare-schema";
import { grouped } from "./groups";
import { comparable, rewardOf } from "./identity";

const run = (id: string, method: string, config: Record<string, string>): ComparedRun => ({
  ...{ id, name: id, method, model: "tiny", status: "finished", number: 0, config, evalPoints: [] },
  latest: { loss: 1, "on_policy/reward": 1, "on_policy/kl": 1 },
});
const names = (id: string) => (id === "a31" ? "Judge" : id);
const runs = [
  run("learned", "ppo", { "ppo.reward.model": '["/data/runs/a31"]', "ppo.reward.gold": "null" }),
  run("exact", "ppo", { "ppo.reward.model": "null", "ppo.reward.gold": "film-reviews" }),
  run("scored", "dpo", { sampleReward: "/data/runs/a31/checkpoints/step-4-a1" }),
];
const split = (metric: "loss" | "on_policy/reward" | "on_policy/kl", mixed = false) =>
  comparable(metric, grouped(runs, "run"), names, mixed).map(({ of, groups }) => [
    of,
    ...groups.map(({ name }) => name),
  ]);

test("U49: rewards share an axis where the same reward model gave them, losses where one method's", () => {
  expect(split("on_policy/reward")).toEqual([
    ["Judge", "learned", "scored"],
    ["oracle", "exact"],
  ]);
  expect(split("loss")).toEqual([
    ["ppo", "learned", "exact"],
    ["dpo", "scored"],
  ]);
  expect(split("loss", true)).toEqual([["", "learned", "exact", "scored"]]);
  expect(split("on_policy/kl")).toEqual([["", "learned", "exact", "scored"]]);
});

test("a sum of rewards is named in full; what no model and no oracle gives, rules do", () => {
  const config = { "ppo.reward.model": '["x/runs/a31","x/runs/b"]', "ppo.reward.gold": "film-reviews" };
  expect(rewardOf({ config }, names)).toBe("Judge, b + oracle");
  const own = { ...config, "ppo.reward.function.file": "/srv/rewards/units.py" };
  expect(rewardOf({ config: own }, names)).toBe("Judge, b + oracle + units.py");
  expect(rewardOf({ config: {} }, names)).toBe("rules");
});
