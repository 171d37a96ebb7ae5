// Whole runs that learn from episodes.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../spec/config";
import { mean } from "../../spec/statistics";
import { tracedRun as trained } from "../../test/traced-run";
import { estimated } from "../methods/ppo/loss";
import type { Rollout, Rollouts } from "../methods/shared/rollout";

const folder = mkdtempSync(join(tmpdir(), "workbench-environment-"));
/** Asks once more, and gives a point for each sentence that is said by then. */
const asksOnce = `export const step = ({ conversations }) => conversations.map((turns) => {
  const said = turns.filter(({ role }) => role === "assistant");
  const points = said.map(({ content }) => content.split(".").length - 1).reduce((a, b) => a + b, 0);
  return said.length < 2 ? { messages: "And what else?" } : { reward: points };
});`;
writeFileSync(join(folder, "asks-once.mjs"), asksOnce);

const prompts = ["Review the film", "What do you say of the music?", "Is it worth the evening?"];
const rows = prompts.map((content) => JSON.stringify({ prompt: [{ role: "user", content }] }));
writeFileSync(join(folder, "prompts.jsonl"), rows.join("\n"));

const environment = { file: join(folder, "asks-once.mjs"), maxTurns: 2 };
const groups = { prompts: 2, numGenerations: 4, numIterations: 2, numMiniBatches: 2, beta: 0.05 };
const blocks = {
  grpo: groups,
  rloo: groups,
  "reinforce-plus-plus": { ...groups, baseline: "group" },
  ppo: { rollouts: 8, numPpoEpochs: 2, numMiniBatches: 2, klCoef: 0.05, missingEosPenalty: 0 },
};
type Method = keyof typeof blocks;
const blockOf = (method: Method) => (method === "reinforce-plus-plus" ? "reinforcePlusPlus" : method);

const config = (method: Method, options: object = {}, rest: object = {}): RunConfig =>
  runConfig.parse({
    method,
    model: { source: "tiny" },
    data: { train: join(folder, "prompts.jsonl") },
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    [blockOf(method)]: { ...blocks[method], maxCompletionLength: 96, environment, ...options },
    output: mkdtempSync(join(tmpdir(), "workbench-environment-")),
    ...rest,
  });

const adapterOf = ({ output }: RunConfig) => readFileSync(join(output, "adapter_model.safetensors"));

describe.each(Object.keys(blocks) as Method[])("%s", (method) => {
  test("learns from where it sampled, in parts as from the whole, and ends with the same bits after a stop", {
    tags: method === "grpo" ? [] : "long",
  }, async () => {
    const [straight, halted] = [config(method, {}, { maxSteps: 8 }), config(method, {}, { maxSteps: 8 })];
    const { rows, checks, traced } = await trained(straight);
    expect(checks).toContain("rollout");
    expect(Math.abs(rows[0]!["objective/kl"]!)).toBeLessThan(1e-3);
    for (const row of rows) {
      expect(row["completions/mean_turns"]).toBeGreaterThan(1);
      expect(row["objective/scores"]).toBeCloseTo(row["score/environment"]!, 5); // it alone rewards
    }
    const { given, columns, tokens } = traced.find(({ given }) => given?.includes(true))!;
    expect(tokens.filter((_, t) => given![t]).join("")).toContain("And what else?");
    for (const name of ["advantage", "kl", "logProb", "reference"] as const)
      expect(columns[name]!.filter((_, t) => given![t]).every((value) => value === 0)).toBe(true);
    expect(columns.advantage!.some((value) => value !== 0)).toBe(true);

    const first = await trained(halted, [], 4);
    await trained(halted, first.saved);
    expect(adapterOf(halted).equals(adapterOf(straight))).toBe(true);

    const parts = await trained(config(method, {}, { maxSteps: 4, microBatchTokens: 200 }));
    expect(parts.rows[0]!.loss).toBeCloseTo(rows[0]!.loss!, 4);
    expect(parts.rows[0]!.grad_norm! / rows[0]!.grad_norm!).toBeCloseTo(1, 3);
  });
});

test("a policy learns what its environment rewards", { tags: "long" }, async () => {
  const { rows } = await trained(
    config("grpo", { prompts: 3, numGenerations: 8, numIterations: 1, numMiniBatches: 1, beta: 0 }, { maxSteps: 12 }),
  );
  const points = rows.map((row) => row["score/environment"]!);
  expect(mean(points.slice(-3))).toBeGreaterThan(mean(points.slice(0, 3)) + 1);
});

test("PPO's estimates are those of the model's own tokens as if nothing stood between them", () => {
  const options = { gamma: 0.9, lam: 0.8, whitenRewards: true, whitenAdvantages: true };
  const alone = [
    {
      response: [1, 2, 3, 4],
      score: 2,
      outcome: 2,
      steps: [],
      kl: [0.1, -0.2, 0.3, 0.4],
      values: [0.5, 0.1, -0.3, 0.2],
    },
    { response: [5, 6], score: -1, outcome: -1, steps: [], kl: [0.2, 0.1], values: [0.3, 0.4] },
  ] as Partial<Rollout>[] as Rollout[];
  const own = [
    [1, 0, 0, 1, 1, 0, 1],
    [1, 0, 1],
  ];
  /** What an environment gave has numbers too, which must not matter. */
  const between = (values: number[], mask: number[]) => {
    const left = values.values();
    return mask.map((one) => (one === 1 ? left.next().value! : 77));
  };
  const inTurns = alone.map((row, i) => ({
    ...row,
    response: between(row.response, own[i]!),
    kl: between(row.kl, own[i]!),
    values: between(row.values, own[i]!),
    episode: { own: own[i]!, turns: [], reward: 0, cut: false },
  }));
  const of = (rows: Rollout[]) => estimated({ rows, stats: {} } as unknown as Rollouts, 0.3, options);
  const [expected, found] = [of(alone), of(inTurns)];
  expect(found.stats).toEqual(expected.stats);
  for (const [i, row] of found.rows.entries())
    for (const name of ["rewards", "advantages", "returns"] as const) {
      expect(row[name].filter((_, t) => own[i]![t] === 1)).toEqual(expected.rows[i]![name]);
      expect(row[name].filter((_, t) => own[i]![t] === 0).every((value) => value === 0)).toBe(true);
    }
});

test("prompts that are plain text are named by their lines, and a run without others is refused", async () => {
  const file = join(folder, "texts.jsonl");
  writeFileSync(file, '{"prompt": "Once upon a time"}\n');
  await expect(trained(config("grpo", {}, { data: { train: file } }))).rejects.toThrow(
    "an environment goes on with conversations",
  );
});
