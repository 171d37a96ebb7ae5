import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { afterEach, expect, test, vi } from "vitest";
import { modelPath } from "../../common/model-paths";
import { freshDatabase, seedQueue } from "../../test/database";
import { loadLabelled } from "../datasets/labelled/labelled-sets";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { queues } from "../db/tables/queues";
import { fillState } from "./at-work";
import { startFilling } from "./fill";
import type { FillInput } from "./fill-schema";

const data = freshDatabase();
const input: FillInput = {
  queue: "Fresh",
  first: "base:tiny",
  second: null,
  prompts: "everyday",
  count: 1,
  answers: 2,
  question: "compare",
  temperature: 1,
  longest: 8,
};
const ended = () => vi.waitFor(() => expect(fillState()!.running).toBe(false), { timeout: 110_000, interval: 50 });
/** Has every Node process started from here run this first. */
function preload(code: string): void {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "preload.cjs");
  writeFileSync(path, code);
  vi.stubEnv("NODE_OPTIONS", `--require ${path}`);
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("B8: of two requests at once one starts a model, the other is told to wait", async () => {
  preload("setTimeout(() => process.exit(0), 500);");
  const both = await Promise.allSettled([startFilling(input, 1), startFilling({ ...input, queue: "Other" }, 2)]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(both[1]).toMatchObject({ reason: { status: 409, message: expect.stringContaining("Fresh") } });
  await ended();
});

test("B8: a request that cannot be started does not keep the next one waiting", async () => {
  preload("process.exit(0);");
  await expect(startFilling({ ...input, prompts: `queue:${seedQueue(0)}` }, 1)).rejects.toThrow("no prompts");
  await startFilling(input, 2);
  await ended();
});

test("DA: prompts of a dataset are answered, each once and only as many as are asked for", async () => {
  preload("setTimeout(() => process.exit(0), 500);");
  const rows = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.jsonl");
  writeFileSync(rows, ["a", "a", "b", "c"].map((prompt) => JSON.stringify({ prompt })).join("\n"));
  const { id } = await loadLabelled("asked", rows, 0);
  await startFilling({ ...input, prompts: `labelled:${id}`, count: 2 }, 3);
  const written = readFileSync(join(data, "uploads", "prompts-3.jsonl"), "utf8").split("\n");
  expect(written.map((line) => (JSON.parse(line) as { prompt: { content: string }[] }).prompt[0]!.content)).toEqual([
    "a",
    "b",
  ]);
  await ended();
});

test("B8: what a filling run reads is gone when it ends, and so is what earlier ones left behind", async () => {
  preload("process.exit(0);");
  mkdirSync(join(data, "uploads"), { recursive: true });
  for (const name of ["prompts-1.jsonl", "pairs-1.json", "1-import.jsonl"])
    writeFileSync(join(data, "uploads", name), "");
  await startFilling(input, 2);
  expect(readdirSync(join(data, "uploads")).sort()).toEqual(["1-import.jsonl", "pairs-2.json", "prompts-2.jsonl"]);
  await ended();
  expect(readdirSync(join(data, "uploads"))).toEqual(["1-import.jsonl"]); // somebody's import in hand
});

test("B9: a crash of the model at work is told as one, and stands in the server's log", async () => {
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  preload('process.kill(process.pid, "SIGSEGV");');
  await startFilling(input, 1);
  await ended();
  expect(fillState()!.error).toContain("SIGSEGV");
  expect(logged.mock.calls.flat().map(String).join(" ")).toContain("SIGSEGV");
});

test("F16: a queue called --help is filled like any other", async () => {
  await startFilling({ ...input, queue: "--help", count: 2, longest: 64 }, 1);
  await ended();
  expect(fillState()).toMatchObject({ queue: "--help", error: null, said: expect.stringContaining("of 2 prompts") });
});

test("two models with no base in common write a dataset together, each answer under its writer's name", async () => {
  const copy = join(data, "models", "copy");
  cpSync(modelPath("tiny"), copy, { recursive: true });
  await startFilling({ ...input, queue: "Both", second: `base:${copy}`, count: 4, longest: 128 }, 1);
  await ended();
  expect(fillState()).toMatchObject({ error: null, said: expect.stringMatching(/^4 of 4 prompts, [1-4] new pairs$/) });
  const queue = appDb().select().from(queues).where(eq(queues.name, "Both")).get()!;
  const records = appDb().select().from(items).where(eq(items.queueId, queue.id)).all();
  expect(records.map(({ writers }) => writers)).toEqual(records.map(() => ["tiny", copy]));
});

test("B8: a model at work ends with the server, even with one that is killed", { tags: "long" }, async () => {
  preload('if (process.argv[1]?.endsWith("cli.ts")) process.stderr.write = () => true;'); // what it says would tell it that nobody listens
  const server = `import("./lib/generation/fill.ts").then(async ({ startFilling }) => {
    await startFilling(${JSON.stringify({ ...input, count: 200, answers: 8, longest: 1024 })}, 1);
    console.log("started");
    setInterval(() => {}, 1000);
  });`;
  const started = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "--eval", server], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(started.stdout, "data");
  const child = await vi.waitFor(() => {
    const children = readFileSync(`/proc/${started.pid}/task/${started.pid}/children`, "utf8").trim().split(" ");
    const program = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("cli.ts"));
    if (!program) throw new Error(`none of ${children} is the command line yet`);
    return program;
  });
  await wait(6000); // it has loaded its model by then and is busy
  started.kill("SIGKILL");
  await vi.waitFor(() => expect(existsSync(`/proc/${child}`)).toBe(false), { timeout: 30_000, interval: 100 });
});
