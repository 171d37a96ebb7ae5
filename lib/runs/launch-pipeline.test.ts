// A pipeline's runs: what each takes from which, all of them or none.
import { readFileSync } from "node:fs";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { launchPipeline } from "./launch-pipeline";
import { type PipelineInput, pipelineSteps } from "./pipeline";

beforeAll(() => void freshDatabase());
beforeEach(() => void appDb().delete(runs).run());

const reviews = { kind: "sample" as const, id: "film-reviews" };
const pipeline: PipelineInput = {
  ...{
    name: "Reviews",
    model: "tiny",
    pretraining: null,
    supervised: reviews,
    preferences: reviews,
    policies: ["dpo", "ppo", "grpo"],
  },
  steps: { pretraining: 2, sft: 4, reward: 6, policy: 8 },
};

test("SFT first, then the reward model from it, then every policy from SFT, judged or rewarded by that model", async () => {
  const { ids } = await launchPipeline(pipeline, 1000, null);
  const rows = appDb().select().from(runs).orderBy(runs.createdAt).all();
  expect(rows.map(({ id }) => id)).toEqual(ids);
  expect(rows.map(({ name, method, status }) => [name, method, status])).toEqual([
    ["Reviews: SFT", "sft", "queued"],
    ["Reviews: reward model", "reward", "queued"],
    ["Reviews: DPO", "dpo", "queued"],
    ["Reviews: PPO", "ppo", "queued"],
    ["Reviews: GRPO", "grpo", "queued"],
  ]);
  const [sft, reward] = ids as [string, string];
  expect(rows.map(({ after }) => after)).toEqual([[], [sft], [sft, reward], [sft, reward], [sft, reward]]);
  expect(rows[0]!.config).toMatchObject({ adapter: { modulesToSave: [] } });
  for (const { config } of rows.slice(1)) expect(config).toMatchObject({ adapter: { init: runFolder(sft) } });
  for (const { config } of rows.slice(2)) expect(config).toMatchObject({ reference: "initial", maxSteps: 8 });
  const [dpo, ppo, grpo] = rows.slice(2).map(({ config }) => config);
  expect(dpo).toMatchObject({ sampleReward: runFolder(reward) });
  expect(ppo).toMatchObject({ ppo: { reward: { model: runFolder(reward) } } });
  expect(grpo).toMatchObject({ grpo: { reward: { model: runFolder(reward) } } });
}, 300_000);

test("without data to imitate everything begins at the base", { tags: "long" }, async () => {
  const { ids } = await launchPipeline({ ...pipeline, supervised: null, policies: ["dpo"] }, 1000, null);
  const rows = appDb().select().from(runs).orderBy(runs.createdAt).all();
  expect(rows.map(({ method, after }) => [method, after])).toEqual([
    ["reward", []],
    ["dpo", [ids[0]]],
  ]);
  for (const { config } of rows) expect(config.adapter).not.toHaveProperty("init", expect.any(String));
});

test("with pre-training every other stage trains the model that it leaves, from random weights on", async () => {
  const { ids } = await launchPipeline({ ...pipeline, pretraining: reviews, policies: ["ppo"] }, 1000, null);
  const rows = appDb().select().from(runs).orderBy(runs.createdAt).all();
  const [base, sft, reward] = ids as [string, string, string];
  expect(rows.map(({ name, after }) => [name, after])).toEqual([
    ["Reviews: pre-training", []],
    ["Reviews: SFT", [base]],
    ["Reviews: reward model", [base, sft]],
    ["Reviews: PPO", [base, sft, reward]],
  ]);
  expect(rows[0]!.config).toMatchObject({ model: { source: "tiny" }, adapter: null, sft: { fromScratch: true } });
  for (const { config } of rows.slice(1)) expect(config.model.source).toBe(runFolder(base));
  expect(rows[1]!.config).toMatchObject({ adapter: { modulesToSave: ["lm_head"] } });
  for (const { config } of rows.slice(2))
    expect(config).toMatchObject({ adapter: { init: runFolder(sft), modulesToSave: [] } });
}, 300_000);

test("policies are planned with the head that SFT will leave, a reward model without it", {
  tags: "long",
}, async () => {
  const memoryOf = async (pretraining: PipelineInput["pretraining"]) => {
    appDb().delete(runs).run();
    await launchPipeline({ ...pipeline, pretraining, policies: ["dpo", "grpo"] }, 1000, null);
    const rows = appDb().select().from(runs).all();
    return Object.fromEntries(rows.map(({ name, memory }) => [name.replace("Reviews: ", ""), memory!]));
  };
  const [plain, pretrained] = [await memoryOf(null), await memoryOf(reviews)];
  const { vocab_size: tokens, hidden_size: width } = JSON.parse(readFileSync("data/tiny/config.json", "utf8"));
  const held = 4 * 3 * tokens * width; // the head and AdamW's two moments, at the least
  for (const name of ["SFT", "DPO", "GRPO"]) expect(pretrained[name]! - plain[name]!, name).toBeGreaterThan(held);
  expect(pretrained["reward model"]).toBe(plain["reward model"]);
});

test("where one run cannot work none is launched", async () => {
  const missing = { kind: "sample" as const, id: "no such data" };
  await expect(launchPipeline({ ...pipeline, preferences: missing }, 1000, null)).rejects.toThrow(/no sample dataset/);
  await expect(launchPipeline({ ...pipeline, model: "data/no-model" }, 1000, null)).rejects.toThrow();
  expect(appDb().select().from(runs).all()).toEqual([]);
}, 300_000);

test("every step uses only those before it", () => {
  const steps = pipelineSteps(pipeline);
  steps.forEach(({ uses }, i) => {
    for (const { key } of uses) expect(steps.findIndex((one) => one.key === key)).toBeLessThan(i);
  });
});
