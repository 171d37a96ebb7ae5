import { expect, test } from "vitest";
import { runConfig } from "@/spec/config";
import { bestStep, samplingWords, verdictOf } from "./verdict";

const line = (x: number[], y: number[]) => ({ x, y, smooth: null, low: null, high: null, min: null, max: null });
const config = runConfig.parse({
  method: "dpo",
  model: { source: "tiny" },
  data: { train: "pairs.jsonl" },
  sampleEvery: 40,
  output: "unused",
});
const checkpoints = [80, 40].map((step) => ({ step, createdAt: 0 }));
const lines = { "on_policy/gold": line([0, 40, 80], [0.1, 0.9, 0.7]) };

test("the verdict names what was learnt, the drift, and the saved step that scored highest", () => {
  const latest = { "eval_rewards/accuracies": 0.91, "eval_rewards/accuracies_se": 0.01, "on_policy/kl": 2 };
  const run = { latest, best: null, config, status: "finished" as const, checkpoints };
  expect(verdictOf(run, lines)).toBe(
    "Held-out accuracy 0.91 ± 0.02, KL 2.00 nats/seq; best checkpoint 40 by oracle reward.", // 1.96 · 0.01
  );
  expect(verdictOf({ ...run, latest: {}, status: "queued" }, {})).toMatch(/queued/);
});

test("U47: the best checkpoint is by score among the saved steps, else by held-out loss", () => {
  expect(bestStep({ best: null, checkpoints: checkpoints.slice(0, 1), config }, lines)?.step).toBe(80);
  const best = { step: 25, heldOutLoss: 0.5 };
  expect(bestStep({ best, checkpoints, config }, {})).toEqual({ step: 25, by: "held-out loss" });
});

test("U62: a run that has not reached its first completions says when they come", () => {
  const run = { config, step: 0, status: "running" as const, origin: null };
  expect(samplingWords(run)).toBe("The first completions come before the first step, then every 40 steps.");
  expect(samplingWords({ ...run, step: 7 })).toContain("with step 40");
  expect(samplingWords({ ...run, config: { ...config, sampleEvery: null } })).toContain("is not set");
});
