// Another engine: a line in spec/engines.ts and a program that emits events. Nothing else is touched.
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { type RunConfig, runConfig } from "../../spec/config";
import { engines } from "../../spec/engines";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { checkpoints, runs } from "../db/schema";
import { rowsOf } from "../history/metric-rows";
import { spawnTrainer } from "./child";
import { claimRun } from "./claim";

beforeAll(() => {
  freshDatabase();
  engines.toy = { command: ["node", "test/toy-engine.mjs"], methods: ["dpo", "ppo"] };
});

const described = (method: string, engine: string, output = "out") => ({
  method,
  engine,
  model: { source: "tiny" },
  data: { train: "pairs.jsonl" },
  maxSteps: 25,
  output,
});

function queue(id: string): void {
  const config = runConfig.parse(described("dpo", "toy", runFolder(id))) as RunConfig;
  appDb().insert(runs).values({ id, name: id, method: "dpo", config, status: "queued", createdAt: 0 }).run();
}

test("an engine that only emits events runs under the runner: its curve and checkpoints are stored", async () => {
  queue("toy");
  await spawnTrainer(claimRun("test", Date.now)!, () => false).ended;
  const run = appDb().select().from(runs).where(eq(runs.id, "toy")).get()!;
  expect(run).toMatchObject({ status: "finished", error: null, totalSteps: 25 });
  expect([...rowsOf("toy")].map(({ step, loss }) => [step, loss])).toEqual(
    Array.from({ length: 25 }, (_, i) => [i + 1, Math.sin(i + 1) / (i + 1)]),
  );
  const saved = appDb().select().from(checkpoints).where(eq(checkpoints.runId, "toy")).all();
  expect(saved.map(({ step }) => step)).toEqual([10, 20, 25]);
}, 60_000);

test("a run file that names no engine, or one without its method, is told which there are", () => {
  const problem = (method: string, engine: string) =>
    runConfig.safeParse(described(method, engine)).error?.issues.map(({ path, message }) => [path.join("."), message]);
  expect(problem("dpo", "trl")).toEqual([["engine", "there is no engine trl; there are workbench, toy"]]);
  expect(problem("kto", "toy")).toEqual([["engine", "the engine toy has no kto, only dpo, ppo"]]);
  expect(problem("dpo", "toy")).toBeUndefined();
});
