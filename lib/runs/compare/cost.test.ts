import { expect, test } from "vitest";
import type { ComparedRun } from "./compare-schema";
import { modelsHeld, reaching, sharedReward } from "./cost";
import type { Group } from "./groups";

const run = (id: string, golds: (number | null)[]): ComparedRun => ({
  ...{ id, name: id, method: "dpo", model: "tiny", status: "finished", number: 0, config: {}, latest: {} },
  evalPoints: golds.map((gold, i) => ({
    step: 10 * i,
    values: { "on_policy/gold": gold, "on_policy/kl": i, samples: 160 * i },
  })),
});
const group = (name: string, runs: ComparedRun[]): Group => ({ name, runs, number: 0 });

test.each<[string, Record<string, string>, string[]]>([
  ["dpo", {}, ["policy", "reference"]],
  ["simpo", {}, ["policy"]],
  ["ppo", { "ppo.reward.model": "data/local/runs/r1" }, ["policy", "reference", "critic", "reward model"]],
  ["ppo", { "ppo.reward.model": "null", "ppo.reward.gold": "film-reviews" }, ["policy", "reference", "critic"]],
  ["reward", {}, ["reward model"]],
  ["a method of another program", {}, []],
])("the models that training by %s holds with %j", (method, config, models) => {
  expect(modelsHeld({ method, config })).toEqual(models);
});

test("the reward that all groups reach is the least of their bests, and each run reaches it at its first such evaluation", () => {
  const [offline, online] = [
    group("dpo", [run("a", [0, 0.5, 0.4]), run("b", [0, 0.3, 0.7])]),
    group("ppo", [run("c", [0, 1, 2])]),
  ];
  const target = sharedReward([offline, online], "on_policy/gold");
  expect(target).toBeCloseTo(0.6, 12); // the mean of 0.5 and 0.7
  expect(reaching(offline, "on_policy/gold", target!).map(({ step }) => step)).toEqual([20]); // run a never does
  expect(reaching(online, "on_policy/gold", target!).map(({ values }) => values.samples)).toEqual([160]);
});

test("groups that never measured it have no reward in common; what is not finite is no reward", () => {
  expect(sharedReward([group("dpo", [run("a", [0, 1])]), group("sft", [run("s", [])])], "on_policy/gold")).toBeNull();
  expect(sharedReward([group("dpo", [run("a", [null, 1])])], "on_policy/gold")).toBe(1);
  expect(sharedReward([], "on_policy/gold")).toBeNull();
});
