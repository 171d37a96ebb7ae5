import { appendFileSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunConfig } from "../../spec/config";
import { allMethods, type Method } from "../../spec/methods/all";
import { type Nested, withValue } from "../../spec/paths";
import { fieldPaths } from "../../spec/run-fields";
import { changesOf, inputHashes } from "./inputs";

const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
const methods = allMethods.map(({ name }): Method => name);
const fields = methods.flatMap((method) =>
  [...fieldPaths(method)].flatMap(([path, { file }]) => (file ? [[method, path] as const] : [])),
);

test.each(fields)("F9: %s, %s: another content is another hash, at this field alone", (method, path) => {
  const file = join(mkdtempSync(join(folder, "file-")), "rows.jsonl");
  writeFileSync(file, "one\n");
  const base: Nested = { method, model: { source: "tiny" }, data: { train: "data/samples/prompts.jsonl" } };
  const config = withValue(base, path, file) as unknown as RunConfig;
  const before = inputHashes(config);
  expect(changesOf(before, inputHashes(config))).toEqual([]);
  appendFileSync(file, "two\n");
  const changes = changesOf(before, inputHashes(config));
  expect(changes).toEqual([expect.stringMatching(new RegExp(`^${path} was [0-9a-f]{12}… and is [0-9a-f]{12}…$`))]);
});

test("F9: of a folder weights, configs and templates count; logs and checkpoints, which grow, do not", () => {
  const adapter = join(folder, "adapter");
  cpSync("data/golden/trajectories/adapter_init", adapter, { recursive: true });
  const config = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: null },
    adapter: { init: adapter },
  } as unknown as RunConfig;
  const before = inputHashes(config);
  writeFileSync(join(adapter, "metrics.ndjson"), "{}\n");
  writeFileSync(join(adapter, "run.json"), "{}\n");
  mkdirSync(join(adapter, "checkpoints"));
  expect(inputHashes(config)).toEqual(before);
  for (const name of ["adapter_model.safetensors", "adapter_config.json", "reward.json", "chat_template.jinja"]) {
    const last = inputHashes(config);
    appendFileSync(join(adapter, name), " ");
    expect(Object.keys(last).filter((path) => path === "adapter.init")).toEqual(["adapter.init"]);
    expect(changesOf(last, inputHashes(config)).join()).toContain("adapter.init");
  }
});

test("F9: each of several reward models has a hash of its own; a reference that is no file has none", () => {
  const model = ["data/golden/trajectories/reward_init", "data/golden/trajectories/adapter_init"];
  const config = {
    method: "ppo",
    model: { source: "tiny" },
    data: { train: null },
    reference: "base",
    ppo: { reward: { model } },
  };
  const hashes = inputHashes(config as unknown as RunConfig);
  expect(Object.keys(hashes).sort()).toEqual(["model.source", "ppo.reward.model.0", "ppo.reward.model.1"]);
});
