// Models of the Hub are added over broken connections, checked by their hashes, pinned to a commit, and refused with what is wrong.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { hubModel, repositoryFolder } from "../../common/hub-models";
import { modelPath } from "../../common/model-paths";
import { freshDatabase } from "../../test/database";
import { type HubServer, hubServer } from "../../test/hub-server";
import { shardedModel } from "../../test/sharded-model";
import { addModel } from "./add-model";
import { changeModel } from "./change-model";
import { listModels } from "./list-models";

const commit = "0123456789abcdef0123456789abcdef01234567";

let hub: HubServer;
const files = shardedModel();
beforeAll(async () => {
  freshDatabase();
  hub = await hubServer({
    "someone/qwen": files,
    "someone/other": files,
    "someone/qwen-gated": files,
    "someone/unknown": { ...files, "config.json": Buffer.from('{"model_type":"rwkv"}') },
    "someone/labels": {
      ...files,
      "config.json": Buffer.from(
        JSON.stringify({
          ...(JSON.parse(files["config.json"]!.toString()) as object),
          ...{ architectures: ["Qwen3ForSequenceClassification"], num_labels: 5 },
        }),
      ),
    },
    "someone/template": {
      ...files,
      "chat_template.jinja": Buffer.from("{{ raise_exception('turns must alternate') }}"),
    },
    "someone/climber": { ...files, "../../climbed.json": Buffer.from("{}") },
    "someone/gguf": { "config.json": files["config.json"]!, "model-q4.gguf": Buffer.from("x") },
  });
  vi.stubEnv("HF_ENDPOINT", hub.url);
});
beforeEach(() => {
  vi.stubEnv("HF_HUB_CACHE", mkdtempSync(join(tmpdir(), "workbench-hub-")));
  Object.assign(hub, { breaksAfter: null, sent: 0 });
});
afterAll(() => {
  vi.unstubAllEnvs();
  hub.close();
});

const add = (source: string, cancelled?: AbortSignal) =>
  addModel(source, null, 7, { says: () => {}, ...(cancelled && { cancelled }) });

test("a model in shards comes over a connection that breaks and goes on where it broke, and is pinned to its commit", async () => {
  const weights = Object.entries(files).filter(([name]) => name.endsWith(".safetensors"));
  hub.breaksAfter = Math.ceil(Math.max(...weights.map(([, { length }]) => length)) / 5);
  const { source, look } = await add("hub:someone/qwen");
  expect(source).toBe(`hub:someone/qwen@${commit}`);
  expect(look).toMatchObject({ form: "folder", family: "qwen3", layers: 3, template: true });
  expect(look.says!.length).toBeGreaterThan(0); // random words of random weights
  const wanted = Object.entries(files).filter(([name]) => name !== "consolidated.pth");
  for (const [name, content] of wanted) expect(readFileSync(join(modelPath(source), name)).equals(content)).toBe(true);
  const total = wanted.reduce((sum, [, { length }]) => sum + length, 0);
  expect(hub.sent - total).toBeLessThan(0.5 * total); // what was on its way when it broke comes again; from the start it would be three times as much
  expect(modelPath("hub:someone/qwen")).toBe(modelPath(source));
  const listed = (await listModels()).find(({ id }) => id === source);
  expect(listed).toMatchObject({ kind: "base", name: "someone/qwen", at: 7, about: expect.stringContaining("qwen3") });
  changeModel({ source, removed: true }, 8);
  expect((await listModels()).map(({ id }) => id)).not.toContain(source);
});

test("what had come when it was cancelled is not fetched again", async () => {
  hub.breaksAfter = 20_000;
  const cancel = new AbortController();
  const says = (line: string) => line.includes(" of ") && hub.sent > 100_000 && cancel.abort();
  await expect(addModel("hub:someone/qwen", null, 7, { says, cancelled: cancel.signal })).rejects.toThrow(/abort/i);
  await add("hub:someone/qwen");
  const total = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  expect(hub.sent).toBeLessThan(total + 21_000); // at most what was on its way is sent twice
});

test("a file with another hash is named and thrown away; the next time it is fetched anew", async () => {
  const name = "model-00002-of-00002.safetensors";
  const wrong = Buffer.from(files[name]!);
  wrong[wrong.length - 1]! ^= 1;
  hub.replaced.set(name, wrong);
  await expect(add("hub:someone/qwen")).rejects.toThrow(new RegExp(`${name} of someone/qwen should have the hash`));
  expect(() => modelPath("hub:someone/qwen")).toThrow(/has not been fetched; add it on the page Models/);
  hub.replaced.clear();
  await add("hub:someone/qwen");
  const blobs = readdirSync(join(repositoryFolder(hubModel("hub:someone/qwen")!), "blobs"));
  expect(blobs.filter((blob) => blob.endsWith(".incomplete"))).toEqual([]);
});

test.each([
  ["hub:someone/none", "has no model someone/none with a revision main"],
  ["hub:someone/qwen@v9", "has no model someone/qwen with a revision v9"],
  ["hub:someone/qwen-gated", "someone/qwen-gated is not open to everybody: accept its terms"],
  ["hub:someone/unknown", 'someone/unknown/config.json says model_type "rwkv"; supported are'],
  ["hub:someone/labels", "someone/labels/config.json has 5 labels; a reward model has 1"],
  ["hub:someone/gguf", "no weights as safetensors; it has model-q4.gguf: download one of them and give its path"],
])("%s is refused: %s", async (source, words) => {
  await expect(add(source)).rejects.toThrow(words);
  expect(hub.sent).toBeLessThan(2 * files["config.json"]!.length + 100);
});

test("files of other folders are left alone, whatever the server lists", async () => {
  const { source } = await add("hub:someone/climber");
  expect(readdirSync(modelPath(source))).not.toContain("climbed.json");
  expect(readdirSync(join(repositoryFolder(hubModel("hub:someone/climber")!), "snapshots"))).toEqual([commit]);
});

test("a closed model is read with a token", async () => {
  vi.stubEnv("HF_TOKEN", "hf_good");
  expect((await add("hub:someone/qwen-gated")).source).toBe(`hub:someone/qwen-gated@${commit}`);
});

test("a server that sends nothing is given up after five tries; what has come is kept, where something has", {
  tags: "long",
}, async () => {
  hub.breaksAfter = 0;
  vi.stubEnv("HF_TOKEN", "");
  await expect(add("hub:someone/other")).rejects.toThrow(/could not be fetched from .*\. Add it again later\.$/);
  hub.breaksAfter = 20_000;
  const cancel = new AbortController();
  const says = () => hub.sent > 50_000 && cancel.abort();
  await expect(addModel("hub:someone/qwen", null, 7, { says, cancelled: cancel.signal })).rejects.toThrow(/abort/i);
  hub.breaksAfter = 0;
  await expect(add("hub:someone/qwen")).rejects.toThrow(/could not be fetched from .*What has come is kept/);
});

test("a model that cannot answer is not added, and its reason is told", async () => {
  await expect(add("hub:someone/template")).rejects.toThrow(/turns must alternate/);
  expect((await listModels()).map(({ name }) => name)).not.toContain("someone/template");
});
