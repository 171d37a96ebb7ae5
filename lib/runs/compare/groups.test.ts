import { expect, test } from "vitest";
import type { ComparedRun } from "./compare-schema";
import { differences, grouped } from "./groups";
import { paretoFront } from "./pareto";

const run = (number: number, method: string, config: Record<string, string>): ComparedRun => ({
  id: `r${number}`,
  name: `run ${number}`,
  method,
  model: "tiny",
  status: "finished",
  number,
  config: { method, ...config },
  latest: {},
  evalPoints: [],
});
const runs = [
  run(3, "dpo", { seed: "1", "dpo.beta": "0.1" }),
  run(1, "dpo", { seed: "2", "dpo.beta": "0.1" }),
  run(4, "dpo", { seed: "1", "dpo.beta": "0.3" }),
  run(2, "ppo", { seed: "1", "ppo.rollouts": "64" }),
];
const shown = (by: string) =>
  grouped(runs, by).map((group) => [group.name, group.runs.map(({ id }) => id).join(" "), group.number]);

test("runs stand for themselves, for their setting whatever the seed, or for a field", () => {
  expect(shown("run")).toHaveLength(4);
  expect(shown("seed")).toEqual([
    ["dpo, dpo.beta 0.1", "r3 r1", 1],
    ["dpo, dpo.beta 0.3", "r4", 4],
    ["ppo", "r2", 2],
  ]);
  expect(shown("method")).toEqual([
    ["method dpo", "r3 r1 r4", 1],
    ["method ppo", "r2", 2],
  ]);
  expect(shown("ppo.rollouts").map(([name]) => name)).toEqual(["ppo.rollouts not set", "ppo.rollouts 64"]);
});

test("differences leave out what is the same, and show what one lacks as nothing", () => {
  expect(differences(runs).map(({ path }) => path)).toEqual(["dpo.beta", "method", "ppo.rollouts", "seed"]);
  expect(differences(runs)[0]!.values).toEqual(["0.1", "0.1", "0.3", ""]);
});

test("nobody on the front is beaten: nearer with as much reward", () => {
  const at = (kl: number, reward: number) => ({ kl, reward });
  const points = [at(3, 2), at(0, 0), at(1, 1), at(2, 0.5), at(1, 0.2), at(4, 2)];
  expect(paretoFront(points)).toEqual([at(0, 0), at(1, 1), at(3, 2)]);
});
