// Real trainers on the tiny model, stopped, hung and killed.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runFolder } from "../../common/env";
import { runConfig } from "../../spec/config";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { checkpoints, leases, runs } from "../db/tables/runs";
import { rowsOf } from "../history/metric-rows";
import { spawnTrainer, type Trainer } from "./child";
import { claimRun } from "./claim";

vi.setConfig({ testTimeout: 400_000, hookTimeout: 120_000 }); // a trainer takes its time to start where the machine is busy
const folder = freshDatabase();
const pairs = join(folder, "pairs.jsonl");
writeFileSync(
  pairs,
  Array.from({ length: 16 }, (_, i) =>
    JSON.stringify({
      prompt: `How was film ${i}?`,
      chosen: `It was good, ${i} times.`,
      rejected: `It was bad, ${i} times.`,
    }),
  ).join("\n"),
);
let number = 0;
let trainer: Trainer | undefined;
beforeEach(() => {
  for (const table of [leases, checkpoints, runs]) appDb().delete(table).run();
});
afterEach(async () => {
  const { pid } = appDb().select().from(leases).get() ?? {};
  if (pid) process.kill(pid, "SIGKILL");
  await trainer?.ended;
  vi.unstubAllEnvs();
});

/** A queued run that goes on for as long as it is let. */
function queue(more: object = {}): string {
  const id = `run${++number}`;
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "tiny" },
    data: { train: pairs, maxLength: 48 },
    batchSize: 1,
    maxSteps: 1_000_000,
    output: runFolder(id),
    ...more,
  });
  appDb().insert(runs).values({ id, name: id, method: config.method, config, status: "queued", createdAt: 0 }).run();
  return id;
}

const row = (id: string) => appDb().select().from(runs).where(eq(runs.id, id)).get()!;
const ask = (id: string, requested: "stop" | "stop-now") =>
  appDb().update(runs).set({ requested }).where(eq(runs.id, id)).run();
const signal = (id: string, name: NodeJS.Signals) =>
  process.kill(appDb().select().from(leases).where(eq(leases.runId, id)).get()!.pid!, name);
const soon = (check: () => void) => vi.waitFor(check, { timeout: 300_000, interval: 100 });
const steps = (id: string, least: number) => soon(() => expect([...rowsOf(id)].length).toBeGreaterThanOrEqual(least));
const never = 1e9;

function start(limits: { stopMs?: number; silenceMs?: number; noticeMs?: number } = {}): Trainer {
  trainer = spawnTrainer(claimRun("test", Date.now)!, () => false, {
    stopMs: never,
    silenceMs: never,
    noticeMs: never,
    ...limits,
  });
  return trainer;
}

test("F10: Stop ends a trainer that hangs once it has given no sign of life for a while, and the run is stopped, not queued again", async () => {
  const id = queue();
  const { ended } = start({ silenceMs: 3000 });
  await steps(id, 2);
  signal(id, "SIGSTOP");
  ask(id, "stop");
  await ended;
  expect(row(id)).toMatchObject({ status: "stopped", error: null, requested: null });
  expect(claimRun("test", Date.now)).toBeNull();
});

test("F10: Stop now ends a trainer at once", async () => {
  const id = queue();
  const { ended } = start();
  await steps(id, 1);
  signal(id, "SIGSTOP");
  ask(id, "stop-now");
  await ended;
  expect(row(id)).toMatchObject({ status: "stopped", error: null, note: expect.stringContaining("Resume") });
});

test("F10: a trainer that is asked to stop before it listens ends as stopped, at any attempt", async () => {
  const id = queue();
  const { ended } = start();
  ask(id, "stop");
  await ended;
  expect(row(id)).toMatchObject({ status: "stopped", error: null });
});

test("F10: a slow step is waited for after Stop as long as the trainer gives signs of life, and is saved", {
  tags: "long",
}, async () => {
  const id = queue({ batchSize: 16, gradientAccumulationSteps: 64, microBatchTokens: 256 });
  const { ended } = start({ silenceMs: 10_000 });
  await steps(id, 1);
  ask(id, "stop");
  await ended;
  expect(row(id)).toMatchObject({ status: "stopped", error: null });
  const saved = appDb().select().from(checkpoints).where(eq(checkpoints.runId, id)).all();
  expect(saved.map(({ step }) => step)).toEqual([[...rowsOf(id)].at(-1)!.step]);
});

test("F10: a trainer that gives no sign of life is told of on the run's page, and so is that it goes on", async () => {
  const id = queue();
  start({ noticeMs: 2000 });
  await steps(id, 1);
  signal(id, "SIGSTOP");
  await soon(() => expect(row(id).note).toMatch(/no sign of life .* Stop ends it/));
  signal(id, "SIGCONT");
  await soon(() => expect(row(id).note).toMatch(/goes on/));
});

test("F10: stops and resumes are no failed attempts: only the third kill in a row ends a run", async () => {
  const id = queue();
  appDb().insert(leases).values({ runId: id, owner: "earlier", attempt: 7, expiresAt: 0 }).run();
  for (const status of ["queued", "queued", "failed"]) {
    const { ended } = start();
    signal(id, "SIGKILL");
    await ended;
    expect(row(id).status).toBe(status);
  }
  expect(row(id).error).toContain("killed");
});

test("B4: of a failed run the sentence is on its page and the stack in its attempt's log", async () => {
  const id = queue({ model: { source: "no/such/model" } });
  await start().ended;
  const { status, error } = row(id);
  expect(status).toBe("failed");
  expect(error).toMatch(/^model no\/such\/model is not at .*\S$/);
  expect(error).not.toContain("\n");
  const log = readFileSync(join(runFolder(id), "attempt-1.log"), "utf8");
  expect(log).toContain("model no/such/model is not at");
  expect(log).toMatch(/\n\s+at .*models\/load\.ts/);
});

test("B3: the webhook hears of an alert that stops the run", async () => {
  const heard: { kind: string; text: string }[] = [];
  const server = createServer(async (request, response) => {
    heard.push(JSON.parse((await request.toArray()).join("")));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("WORKBENCH_WEBHOOK", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  // so fast that it is far from its reference when it is first looked at
  const id = queue({
    stopOnAlert: true,
    optimizer: { learningRate: 0.05 },
    sampleEvery: 4,
    samplePrompts: 2,
    sampleLength: 16,
  });
  await start().ended;
  await soon(() => expect(heard.map(({ kind }) => kind)).toContain("stopped"));
  server.close();
  expect(row(id).status).toBe("stopped");
  expect(heard.map(({ kind }) => kind)).toEqual([
    expect.stringMatching("alert"),
    ...heard.slice(1).map(({ kind }) => kind),
  ]);
  expect(heard[0]!.text).toContain(id);
});
