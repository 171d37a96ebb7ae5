// An on-policy method as somebody would add it: docs/examples/method-reinforce.patch, applied to a copy of the sources, and trained.
import { join } from "node:path";
import { expect, test } from "vitest";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { fewReviews } from "../../test/few-reviews";
import { patchedSources } from "../../test/patched-sources";

const { root, touched, load } = patchedSources("method-reinforce.patch");

test("it takes five files at most: its value in spec, a folder, and a line in each of the two lists of methods", () => {
  expect(touched.map(({ path }) => path).toSorted()).toEqual([
    "spec/methods/all.ts",
    "spec/methods/reinforce.ts",
    "trainers/methods/methods.ts",
    "trainers/methods/reinforce/loss.ts",
    "trainers/methods/reinforce/method.ts",
  ]);
});

test("it trains two steps on tiny from a run file, scored by the synthetic reward", { tags: "long" }, async () => {
  const { run } = await load<typeof import("../run/train")>("trainers/run/train.ts");
  const { silent } = await load<typeof import("../run/observer")>("trainers/run/observer.ts");
  const { methodOf } = await load<typeof import("../../spec/methods/all")>("spec/methods/all.ts");
  const { runConfig } = await load<typeof import("../../spec/config")>("spec/config.ts");
  const config = runConfig.parse({
    method: "reinforce",
    model: { source: "tiny" },
    data: { train: fewReviews(), maxLength: 64 },
    reinforce: { rollouts: 8, maxCompletionLength: 12, reward: { gold: "film-reviews" } },
    optimizer: { learningRate: 1e-3 },
    maxSteps: 2,
    output: join(root, "run"),
  });
  expect(methodOf(config).describe(config, { count: 100, words: "prompts" })).toBe(
    "2 updates of 8 sampled answers, an optimizer step each",
  );
  const rows: MetricRow[] = [];
  const observer = { ...silent, metrics: (row: MetricRow) => void rows.push(row) };
  expect(await run(config, { observer, signal: new AbortController().signal })).toBe(true);
  expect(rows.map(({ step, update, samples }) => [step, update, samples])).toEqual([
    [1, 1, 8],
    [2, 2, 16],
  ]);
  expect(Math.abs(rows[0]!["objective/kl"]!)).toBeLessThan(1e-3); // it starts at its reference
  expect(rows[0]!.reward_std).toBeGreaterThan(0); // so that there is something to learn from
  expect(rows[1]!["objective/kl"]).not.toBe(0); // and moves
  for (const row of rows) expect(row.grad_norm).toBeGreaterThan(0);
});
