// The runner itself, with a toy for an engine: several runs at once on this machine, and a sweep that ends early what is behind.
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test, vi } from "vitest";
import { runFolder } from "../../common/env";
import { type RunConfig, runConfig } from "../../spec/config";
import { end, start, wordsOf } from "../../test/children";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { leases, rungs, runs } from "../db/tables/runs";
import { rowsOf } from "../history/metric-rows";
import { launch } from "../runs/launch";
import type { LaunchInput } from "../runs/run-schema";
import { allowAtOnce } from "../settings/runs-at-once";

beforeAll(() => void freshDatabase());

function queue(ids: string[], config: (i: number) => object, sweep?: LaunchInput["sweep"]): void {
  const planned = ids.map((id, i) => {
    const own = { method: "dpo", model: { source: "tiny" }, data: { train: "x" }, output: runFolder(id), ...config(i) };
    return { id, name: id, after: [], config: runConfig.parse(own) as RunConfig, memory: 1e6 };
  });
  launch(planned, sweep ? { sweep } : {}, Date.now());
}

const statusesOf = (ids: string[]) =>
  ids.map((id) => appDb().select().from(runs).where(eq(runs.id, id)).get()!.status as string);

async function untilEnded(runner: ChildProcess, ids: string[]): Promise<void> {
  const ended = () => statusesOf(ids).every((status) => status === "finished" || status === "stopped");
  await vi.waitFor(() => expect(ended()).toBe(true), { timeout: 100_000, interval: 50 });
  await end(runner, "SIGTERM");
}

test("two of three runs train at once, each on processors of its own, and the third after one of them", {
  tags: "long",
}, async () => {
  await allowAtOnce(2);
  const ids = ["one", "two", "three"];
  queue(ids, () => ({ maxSteps: 1500 }));
  const runner = start(wordsOf("test/toy-runner.ts"));
  await vi.waitFor(() => expect(statusesOf(ids)).toEqual(["running", "running", "queued"]), {
    timeout: 60_000,
    interval: 20,
  });
  const pidOf = (id: string) => appDb().select().from(leases).where(eq(leases.runId, id)).get()?.pid;
  const processorsOf = (id: string) =>
    /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(join("/proc", String(pidOf(id)), "status"), "utf8"))![1];
  const apart = () => expect(processorsOf("one")).not.toBe(processorsOf("two"));
  await vi.waitFor(apart, { timeout: 20_000, interval: 20 }); // once taskset has run
  await untilEnded(runner, ids);
  expect(statusesOf(ids)).toEqual(["finished", "finished", "finished"]);
});

test("a sweep under successive halving: the best of nine trains to its end, those held are saved where they are judged, and the rest stops early", {
  tags: "long",
}, async () => {
  const ids = Array.from({ length: 9 }, (_, i) => `sweep${i}`);
  const rates = [5, 4, 9, 1, 7, 8, 2, 6, 3]; // the toy's loss on held-out rows
  const halving = { metric: "eval_loss" as const, firstRung: 100, factor: 3 };
  queue(ids, (i) => ({ maxSteps: 2000, evalEvery: 50, optimizer: { learningRate: rates[i]! / 1e3 } }), {
    ...{ fields: { "optimizer.learningRate": rates }, draws: null },
    halving,
  });
  await untilEnded(start(wordsOf("test/toy-runner.ts")), ids);
  const finished = ids.filter((_, i) => statusesOf(ids)[i] === "finished");
  expect(finished).toContain("sweep3");
  expect(finished.length).toBeLessThan(6); // three by the rule, and those that were among the best third when they came
  const judged = appDb().select().from(rungs).all();
  expect(judged.filter(({ rung }) => rung === 0).map(({ step }) => step)).toEqual(Array(9).fill(100));
  for (const { runId, value } of judged) expect(value).toBe(rates[ids.indexOf(runId)]! / 1e3);
  for (const id of ids.filter((id) => !finished.includes(id))) {
    const steps = [...rowsOf(id)].map(({ step }) => step);
    expect(steps).toEqual(steps.map((_, i) => i + 1)); // none lost or trained twice where it went on
    expect(steps.length).toBeLessThan(2000);
  }
});
