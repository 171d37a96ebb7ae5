// A model goes to the Hub and comes back from it as it was; what the Hub refuses is said with what to do.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { hubFolder } from "../common/hub-models";
import { type HubServer, hubServer } from "../test/hub-server";
import { type Repositories, writer } from "../test/hub-uploads";
import { shardedModel } from "../test/sharded-model";
import { modelFilesIn } from "./hub-model-files";
import { uploadModel } from "./hub-upload";
import { fetchHubModel } from "./models/hub-download";

const repositories: Repositories = {};
let hub: HubServer;
const { "consolidated.pth": _, ...model } = shardedModel();
const folder = mkdtempSync(join(tmpdir(), "workbench-model-"));
for (const [name, content] of Object.entries(model)) writeFileSync(join(folder, name), content);
writeFileSync(join(folder, "events.jsonl"), "what is nobody's business");

beforeAll(async () => {
  hub = await hubServer(repositories);
  vi.stubEnv("HF_ENDPOINT", hub.url);
});
beforeEach(() => {
  vi.stubEnv("HF_TOKEN", writer.token);
  vi.stubEnv("HF_HUB_CACHE", mkdtempSync(join(tmpdir(), "workbench-hub-")));
});
afterAll(() => {
  vi.unstubAllEnvs();
  hub.close();
});

const push = (repository: string, cancelled?: AbortSignal, says?: (line: string) => void) =>
  uploadModel(
    { repository, isPrivate: true, files: modelFilesIn(folder), title: "A model" },
    { ...(cancelled && { cancelled }), ...(says && { says }) },
  );

test("a model in shards goes up as one commit and comes down with the same bytes; nothing else of its folder goes", async () => {
  const said: string[] = [];
  const { url } = await push("us/qwen", undefined, (line) => said.push(line));
  expect(url).toBe(`${hub.url}/us/qwen`);
  expect(Object.keys(repositories["us/qwen"]!).sort()).toEqual(Object.keys(model).sort());
  expect(said.at(-1)).toBe("2 of 2 files of weights sent");
  const source = { id: "us/qwen", revision: "main" };
  await fetchHubModel(source, async () => {});
  for (const [name, content] of Object.entries(model))
    expect(readFileSync(join(hubFolder(source)!, name)).equals(content)).toBe(true);
});

test("a repository that is there gets another commit", async () => {
  repositories["us/known"] = { "README.md": Buffer.from("old"), "notes.txt": Buffer.from("stays") };
  await push("us/known");
  expect(repositories["us/known"]!["notes.txt"]!.toString()).toBe("stays");
  expect(repositories["us/known"]!["config.json"]!.equals(model["config.json"]!)).toBe(true);
});

test("no token, one that is unknown and one that may not write are told apart from the repository's name", async () => {
  await expect(push("them/qwen")).rejects.toThrow(
    `${hub.url} does not let the token in HF_TOKEN write to them/qwen: it needs write access to them.`,
  );
  vi.stubEnv("HF_TOKEN", "hf_other");
  await expect(push("us/other")).rejects.toThrow("does not let the token in HF_TOKEN write to us/other");
  vi.stubEnv("HF_TOKEN", "");
  await expect(push("us/other")).rejects.toThrow("HF_TOKEN holds no token: start the server with one that may write");
  expect(repositories["us/other"]).toBeUndefined();
});

test("what is cancelled publishes nothing", async () => {
  const stop = new AbortController();
  await expect(push("us/stopped", stop.signal, () => stop.abort())).rejects.toThrow();
  expect(repositories["us/stopped"]).toEqual({});
});

test("an adapter's folder sends the adapter; a folder with neither is refused", () => {
  const run = mkdtempSync(join(tmpdir(), "workbench-run-"));
  expect(() => modelFilesIn(run)).toThrow(`${run} holds neither a model`);
  for (const name of ["adapter_config.json", "adapter_model.safetensors", "config.json", "events.jsonl"])
    writeFileSync(join(run, name), "{}");
  mkdirSync(join(run, "checkpoints"));
  expect(modelFilesIn(run).map(({ path }) => path)).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
});
