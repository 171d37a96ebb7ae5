import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { explain } from "../../common/explain";
import { runConfig } from "../../spec/config";
import { examine } from "./validate-run";

const secret = "SECRET-TOKEN-abcdef";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  for (const name of ["rows.jsonl", "rows.json", "config.json", "adapter_config.json", "adapter_model.safetensors"])
    writeFileSync(join(folder, name), `${secret}\n${secret}\n`);
  writeFileSync(
    join(folder, "odd.jsonl"),
    `${JSON.stringify({ prompt: "a", chosen: "b", rejected: "c", p: secret })}\n`,
  );
  mkdirSync(join(folder, "half"));
  writeFileSync(join(folder, "half", "adapter_config.json"), `{"key": "x", "r": ${secret}}`);
});

const base = { model: { source: "tiny" }, data: { train: "data/samples/film-reviews.jsonl.gz" }, output: "unused" };
test.each([
  ["data.eval", () => ({ ...base, method: "dpo", data: { ...base.data, eval: join(folder, "rows.jsonl") } })],
  ["data.tokens", () => ({ ...base, method: "dpo", data: { tokens: join(folder, "rows.json") } })],
  [
    "ppo.replay",
    () => ({
      ...base,
      method: "ppo",
      data: {},
      ppo: { replay: join(folder, "rows.json"), reward: { gold: "film-reviews" } },
    }),
  ],
  ["model.source", () => ({ ...base, method: "dpo", model: { source: folder } })],
  ["adapter.init", () => ({ ...base, method: "dpo", adapter: { init: folder } })],
  ["adapter.init, half JSON", () => ({ ...base, method: "dpo", adapter: { init: join(folder, "half") } })],
  ["reference", () => ({ ...base, method: "dpo", reference: folder })],
  ["sampleReward", () => ({ ...base, method: "dpo", sampleReward: folder })],
  [
    "the confidence column",
    () => ({
      ...base,
      method: "reward",
      data: { train: join(folder, "odd.jsonl") },
      reward: { confidenceColumn: "p" },
    }),
  ],
])("F2: where %s is no such file, the message says so without a word of what stands in it", async (_, config) => {
  const error = await examine(runConfig.parse(config()), []).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(Error);
  expect(`${explain(error)} ${(error as Error).message}`).not.toMatch(/SECRET/);
});
