// A run that the form describes and the same run from a file: what is trained is the same to the last bit.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase } from "../../test/database";
import { file, program, scratch } from "../../test/program";
import { loadLabelled } from "../datasets/labelled/labelled-sets";
import { rowsOf } from "../history/metric-rows";
import { launch, plan } from "../runs/launch";
import { spawnTrainer } from "./child";
import { claimRun } from "./claim";

beforeAll(() => {
  freshDatabase();
});

const lines = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");
const films = ["The Quiet River", "A Distant Garden", "The Paper Window", "A Winter Island"];
const prompts = films.map((film) => ({ prompt: [{ role: "user", content: `What did you think of ${film}?` }] }));
const solutions = films.map((film, i) => ({
  prompt: `What of ${film}?`,
  completions: ["It is warm.", "So it is good."],
  labels: [true, i % 2 === 0],
}));

const grpo = { prompts: 2, numGenerations: 2, maxCompletionLength: 8, reward: { gold: "film-reviews" } };
test.each([
  ["prompts", "grpo", prompts, { grpo }],
  ["stepwise", "kto", solutions, { batchSize: 4 }],
])(
  "DA: a dataset of %s trains %s from the form as from a run file, to the same bits",
  async (holds, method, rows, options) => {
    const { id } = await loadLabelled(holds, file("rows.jsonl", lines(rows)), 0);
    const config = { method, model: { source: "tiny" }, maxSteps: 2, optimizer: { learningRate: 1e-3 }, ...options };
    const input = { name: holds, data: { kind: "labelled" as const, id }, config };
    const run = launch(plan(input, 0), input, 0).id;
    await spawnTrainer(claimRun("test", Date.now)!, () => false).ended;
    const output = join(scratch(), "run");
    const path = file("run.json", { ...config, data: { train: `labelled:${id}` }, output });
    const { status, stdout } = program("lib/cli.ts")("with-database", "--", path, "train", path);
    expect(status).toBe(0);
    const printed = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { step: number; loss: number });
    expect(printed).toHaveLength(2);
    expect([...rowsOf(run)].map(({ step, loss }) => [step, loss])).toEqual(
      printed.map(({ step, loss }) => [step, loss]),
    );
    const adapter = (folder: string) => readFileSync(join(folder, "adapter_model.safetensors"));
    expect(adapter(runFolder(run)).equals(adapter(output))).toBe(true);
  },
  300_000,
);
