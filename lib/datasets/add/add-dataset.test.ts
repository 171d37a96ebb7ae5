// Folders, files with a mapping and datasets of the Hub become labelled datasets that know where they came from.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freshDatabase } from "../../../test/database";
import { labelledPath, labelledSet } from "../labelled/labelled-sets";
import { type Added, addLabelled, type From, pathFiles, withSource } from "./add-dataset";
import { hubSource } from "./hub-files";
import { provenanceOf } from "./provenance";

beforeAll(() => {
  freshDatabase();
});
afterAll(() => void vi.unstubAllEnvs());

const addDataset = ({ from, ...added }: Added & { from: From }, now: number) =>
  withSource(from, (source) => addLabelled(source, added, now));
const lines = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const pair = (prompt: string) => ({ prompt, chosen: "yes", rejected: "no" });
const prompts = (id: number) =>
  readFileSync(labelledPath(id), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { prompt: string }).prompt);
const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

test("R1: all files of a folder are one dataset, its bad lines are named by file and line, and each file is kept by its hash", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-add-"));
  mkdirSync(join(folder, "more"));
  writeFileSync(join(folder, "a.jsonl"), `${lines(pair("a0"), pair("a1"))}{"prompt": 7}\n`);
  const packed = gzipSync(lines(pair("b0")));
  writeFileSync(join(folder, "more", "b.jsonl.gz"), packed);
  const report = await addDataset({ name: "folder", from: { paths: [folder] }, mapping: null, by: "Ada" }, 5);
  expect(report).toMatchObject({ holds: "pairs", rows: 3, left: 1 });
  expect(report.bad).toEqual([{ line: 3, reason: expect.stringMatching(/^of a\.jsonl: /) }]);
  expect(prompts(report.id)).toEqual(["a0", "a1", "b0"]);
  expect(provenanceOf(labelledSet(report.id).sha256)).toMatchObject({
    files: [{ path: join(folder, "a.jsonl") }, { path: join(folder, "more", "b.jsonl.gz"), sha256: sha256(packed) }],
    hub: null,
    mapping: null,
    by: "Ada",
    at: 5,
  });
});

test("R1: a mapping is remembered by the columns, and read from dataset_info.json", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-add-"));
  const german = (frage: string) => lines({ Frage: frage, gut: "ja", schlecht: "nein" });
  for (const name of ["1", "2"]) writeFileSync(join(folder, `${name}.jsonl`), german(`p${name}`));
  const columns = { Frage: "prompt", gut: "chosen", schlecht: "rejected" } as const;
  const add = (name: string, file: string, mapping: { columns: typeof columns } | null) =>
    addDataset({ name, from: { paths: [file] }, mapping, by: "Ada" }, 0);
  await expect(add("first", join(folder, "1.jsonl"), null)).rejects.toThrow(/columns found: Frage, gut, schlecht/);
  expect(prompts((await add("first", join(folder, "1.jsonl"), { columns })).id)).toEqual(["p1"]);
  expect(prompts((await add("second", join(folder, "2.jsonl"), null)).id)).toEqual(["p2"]);
  const described = await add("described", join("data", "layouts", "dataset_info-rows.json"), null);
  expect(described).toMatchObject({ holds: "pairs", rows: 1 });
});

const card = `---
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.jsonl
  - split: test
    path: data/test.jsonl
---
`;
const hubFiles: Record<string, string> = {
  "README.md": card,
  "data/train-0.jsonl": lines(pair("t0")),
  "data/train-1.jsonl": lines(pair("t1")),
  "data/test.jsonl": lines(pair("held out")),
};
const asked: IncomingMessage[] = [];

/** What the Hub answers: a list of files with their sizes, and each file; "closed" wants a token. */
const hub = createServer((request, response) => {
  asked.push(request);
  const url = new URL(request.url!, "http://hub");
  const closed = url.pathname.includes("closed") && request.headers.authorization !== "Bearer hf_secret";
  const known = /^\/(api\/)?datasets\/someone\/(open|closed)\//.test(url.pathname);
  const [, tree] = /^\/api\/datasets\/someone\/\w+\/tree\/(\w+)/.exec(url.pathname) ?? [];
  const [, revision, path] =
    /^\/datasets\/someone\/\w+\/resolve\/(\w+)\/(.+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  const text = path === undefined ? undefined : hubFiles[path];
  const isRevision = ["main", "v2"].includes(tree ?? revision ?? "");
  if (!known || !isRevision) response.writeHead(404).end(JSON.stringify({ error: "Repository not found" }));
  else if (closed) response.writeHead(401).end(JSON.stringify({ error: "Unauthorized" }));
  else if (tree) {
    const list = Object.entries(hubFiles).map(([name, content]) => ({
      type: "file",
      path: name,
      size: content.length,
      oid: sha256(content),
    }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(list));
  } else if (text === undefined) response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
  else {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const part = from === undefined ? text : text.slice(Number(from), Number(to) + 1);
    const headers = { etag: `"${sha256(text)}"`, "content-length": part.length, "accept-ranges": "bytes" };
    const range =
      from === undefined ? {} : { "content-range": `bytes ${from}-${Number(from) + part.length - 1}/${text.length}` };
    response
      .writeHead(from === undefined ? 200 : 206, { ...headers, ...range })
      .end(request.method === "HEAD" ? undefined : part);
  }
});
beforeAll(async () => {
  await new Promise<void>((done) => hub.listen(0, "127.0.0.1", done));
  vi.stubEnv("HF_ENDPOINT", `http://127.0.0.1:${(hub.address() as AddressInfo).port}`);
});
afterAll(() => void hub.close());

const fromHub = (text: string, name: string, split = "train") =>
  addDataset({ name, from: { hub: hubSource(text, null, split) }, mapping: null, by: "Ada" }, 7);

test("R1: a dataset of the Hub is fetched by its id, revision and split, with the files that its card names", async () => {
  const train = await fromHub("hub:someone/open@v2", "hub train");
  expect(prompts(train.id)).toEqual(["t0", "t1"]);
  expect(asked.some(({ url }) => url!.includes("/resolve/v2/data/train-0.jsonl"))).toBe(true);
  expect(provenanceOf(labelledSet(train.id).sha256)).toMatchObject({
    files: [
      { path: "data/train-0.jsonl", sha256: sha256(hubFiles["data/train-0.jsonl"]!) },
      { path: "data/train-1.jsonl" },
    ],
    hub: { id: "someone/open", revision: "v2", config: null, split: "train" },
  });
  expect(prompts((await fromHub("hub:someone/open", "hub test", "test")).id)).toEqual(["held out"]);
});

test("R1, C16: a closed dataset asks for a token and is read with one; what is not there is named", async () => {
  await expect(fromHub("hub:someone/closed", "closed")).rejects.toThrow(/put a token that may read it into HF_TOKEN/);
  vi.stubEnv("HF_TOKEN", "hf_secret");
  expect((await fromHub("hub:someone/closed", "closed")).rows).toBe(2);
  await expect(fromHub("hub:someone/nothing", "x")).rejects.toThrow(/has no dataset someone\/nothing/);
  await expect(fromHub("hub:someone/open@v9", "x")).rejects.toThrow(/with a revision v9/);
  await expect(fromHub("hub:someone/open", "x", "dev")).rejects.toThrow(/there are train, test/);
  expect(() => hubSource("hub:", null, "train")).toThrow(/hub:owner\/name/);
});

test("a folder with a dataset card is the files of its split, and another split is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-card-"));
  mkdirSync(join(folder, "data"));
  const card = [
    "---",
    "configs:",
    "- config_name: default",
    "  data_files:",
    "  - split: train",
    "    path: data/train-*",
    "  - split: test",
    "    path: data/test-*",
    "---",
    "# Tea",
  ];
  writeFileSync(join(folder, "README.md"), card.join("\n"));
  for (const name of ["train-0.jsonl", "train-1.jsonl", "test-0.jsonl"])
    writeFileSync(join(folder, "data", name), '{"text":"tea"}\n');
  const names = (split: string | null) =>
    pathFiles([folder], { config: null, split }).files.map((file) => basename(file));
  expect(names(null)).toEqual(["train-0.jsonl", "train-1.jsonl"]);
  expect(names("test")).toEqual(["test-0.jsonl"]);
  expect(() => names("dev")).toThrow(/README.md: there is no split dev; there are train, test/);
  writeFileSync(join(folder, "README.md"), "# Tea"); // no card: all that lies there
  expect(names(null)).toHaveLength(3);
});
