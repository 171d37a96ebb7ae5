// Another engine: a line in spec/engines.ts and a program that emits events. Nothing else is touched.
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test, vi } from "vitest";
import { runFolder } from "../../common/env";
import { type RunConfig, runConfig } from "../../spec/config";
import { engines } from "../../spec/engines";
import { fieldPaths } from "../../spec/run-fields";
import { freshDatabase } from "../../test/database";
import { judge } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { queues } from "../db/tables/queues";
import { checkpoints, runs } from "../db/tables/runs";
import { rowsOf } from "../history/metric-rows";
import { checkpointsOf } from "../runs/attempts";
import { spawnTrainer } from "./child";
import { claimRun } from "./claim";

const ours = Object.keys(engines); // before this file adds some

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

function queue(id: string, engine = "toy"): void {
  const config = runConfig.parse(described("dpo", engine, runFolder(id))) as RunConfig;
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

test("with saveTotalLimit a run keeps its newest checkpoints, and those that another run's config names", async () => {
  queue("limited");
  const first = join(runFolder("limited"), "checkpoints", "step-10-a1");
  const change = (id: string, path: string, value: unknown) =>
    appDb().run(sql`UPDATE runs SET config = json_set(config, ${path}, ${value}) WHERE id = ${id}`);
  change("limited", "$.saveTotalLimit", 1);
  change("limited", "$.maxSteps", 45);
  change("toy", "$.reference", first);
  await spawnTrainer(claimRun("test", Date.now)!, () => false).ended;
  const steps = () => checkpointsOf("limited").map(({ step }) => step);
  await vi.waitFor(() => expect(steps()).toEqual([45, 10]), { timeout: 20_000 });
  expect(readdirSync(join(runFolder("limited"), "checkpoints")).sort()).toEqual(["step-10-a1", "step-45-a1"]);
}, 60_000);

/** Asks people about two pairs, and reports how many of the first answers they preferred. */
const asking = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const [folder, attempt] = process.argv.slice(2);
const emit = (event) => appendFileSync(join(folder, "events-" + attempt + ".ndjson"), JSON.stringify(event) + "\\n");
const pairs = ["one", "two"].map((content) => ({ prompt: [{ role: "user", content }], answers: ["yes " + content, "no " + content] }));
writeFileSync(join(folder, "request.json"), JSON.stringify({ queue: "new", pairs }));
emit({ event: "started", step: 0, totalSteps: 1, trainRows: 2, heldOutRows: 0, parameters: 0 });
emit({ event: "waiting", round: 1, request: "request.json", answer: "answer.json" });
const opinions = () => existsSync(join(folder, "answer.json")) ? JSON.parse(readFileSync(join(folder, "answer.json"), "utf8")).opinions : [null];
while (opinions().includes(null)) await new Promise((resolve) => setTimeout(resolve, 50));
emit({ event: "metrics", step: 1, values: { loss: opinions().filter((one) => one === "first").length } });
`;

test("an engine that waits for people gets what they think, as they judge its pairs in the queue", async () => {
  const program = join(mkdtempSync(join(tmpdir(), "workbench-engine-")), "asking.mjs");
  writeFileSync(program, asking);
  engines.asking = { command: ["node", program], methods: "all" };
  queue("asks", "asking");
  appDb().insert(annotators).values({ name: "someone", createdAt: 0 }).run();
  const { ended } = spawnTrainer(claimRun("test", Date.now)!, () => false);
  const tasks = await vi.waitFor(() => {
    const [own] = appDb().select().from(queues).all();
    const found = own ? takeTasks(1, own.id, 9, Date.now()) : [];
    expect(found).toHaveLength(2);
    return found;
  }, 30_000);
  for (const { id, answers } of tasks) {
    const kind = answers[0]!.text.startsWith("yes") ? ("left" as const) : ("right" as const);
    judge(1, { key: `${id}`, itemId: id, choice: { kind, strength: 2 }, activeMs: 1 }, Date.now());
  }
  await ended;
  expect([...rowsOf("asks")].map(({ step, loss }) => [step, loss])).toEqual([[1, 2]]);
}, 60_000);

test("the form offers every engine", () => {
  expect(fieldPaths("dpo").get("engine")!.choices).toEqual(ours);
});

test("a run file that names no engine, or one without its method, is told which there are", () => {
  const problem = (method: string, engine: string) =>
    runConfig.safeParse(described(method, engine)).error?.issues.map(({ path, message }) => [path.join("."), message]);
  expect(problem("dpo", "verl")).toEqual([
    ["engine", expect.stringContaining("there is no engine verl; there are workbench, trl, toy")],
  ]);
  expect(problem("kto", "toy")).toEqual([["engine", "the engine toy has no kto, only dpo, ppo"]]);
  expect(problem("dpo", "toy")).toBeUndefined();
});
