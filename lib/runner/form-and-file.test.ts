// A run that the form describes and the same run from a file: what is trained is the same to the last bit.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase } from "../../test/database";
import { file, program, scratch } from "../../test/program";
import { runsOnLabelled } from "../access/hidden-runs";
import { loadLabelled } from "../datasets/labelled/labelled-sets";
import { rowsOf } from "../history/metric-rows";
import { launch, plan } from "../runs/launch";
import { runDetail } from "../runs/run-detail";
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

test("sets mixed by weight, a row limit and an evaluation set of one's own train from the form as from a run file, to the same bits", async () => {
  const pairs = (from: number) =>
    films.map((film, i) => ({ prompt: `Is ${film} number ${from + i}?`, chosen: "It is.", rejected: "It is not." }));
  const ids: number[] = [];
  for (const [i, name] of ["first", "second", "evaluated"].entries())
    ids.push((await loadLabelled(name, file("rows.jsonl", lines(pairs(10 * i))), 0)).id);
  const set = (i: number) => ({ kind: "labelled" as const, id: ids[i]! });
  const config = {
    method: "dpo",
    model: { source: "tiny" },
    maxSteps: 3,
    batchSize: 4,
    evalEvery: 1,
    data: { maxRows: 3 },
  };
  const data = [
    { ...set(0), weight: 2 },
    { ...set(1), weight: 1 },
  ];
  const input = { name: "mixed", data, evaluation: set(2), config };
  const run = launch(plan(input, 0), {}, 0).id;
  expect(runDetail(run).lineage.data).toEqual({ name: "2 × first, as imported + second, as imported", queue: null });
  expect(runsOnLabelled(ids[2]!).map(({ id }) => id)).toEqual([run]);
  await spawnTrainer(claimRun("test", Date.now)!, () => false).ended;
  const output = join(scratch(), "run");
  const train = [{ dataset: "first", weight: 2 }, { dataset: "second" }];
  const path = file("run.json", { ...config, data: { train, eval: "dataset:evaluated", maxRows: 3 }, output });
  const { status, stderr } = program("lib/cli.ts")("with-database", "--", path, "train", path);
  expect(status).toBe(0);
  expect(stderr).toContain("3 steps over 9 rows (4 held out)");
  const adapter = (folder: string) => readFileSync(join(folder, "adapter_model.safetensors"));
  expect(adapter(runFolder(run)).equals(adapter(output))).toBe(true);
}, 300_000);

const grpo = { prompts: 2, numGenerations: 2, maxCompletionLength: 8, reward: { gold: "film-reviews" } };
test.each([
  ["prompts", "grpo", prompts, { grpo }],
  ["stepwise", "kto", solutions, { batchSize: 4 }],
])(
  "DA: a dataset of %s trains %s from the form as from a run file, to the same bits",
  { tags: "long" },
  async (holds, method, rows, options) => {
    const { id } = await loadLabelled(holds, file("rows.jsonl", lines(rows)), 0);
    const config = { method, model: { source: "tiny" }, maxSteps: 2, optimizer: { learningRate: 1e-3 }, ...options };
    const input = { name: holds, data: { kind: "labelled" as const, id }, config };
    const run = launch(plan(input, 0), {}, 0).id;
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
);

test("texts that GRPO learns beside its completions are a dataset's, in the version of the launch, as in a run file", {
  tags: "long",
}, async () => {
  const { id } = await loadLabelled("asked", file("rows.jsonl", lines(prompts)), 0);
  const stories = films.map((film) => ({ text: `${film} begins at sea. It ends there too.` }));
  const mix = await loadLabelled("stories", file("rows.jsonl", lines(stories)), 0);
  const ptx = { texts: "dataset:stories", coefficient: 1, rows: 2 };
  const config = { method: "grpo", model: { source: "tiny" }, maxSteps: 2, grpo: { ...grpo, ptx } };
  const input = { name: "mixed", data: { kind: "labelled" as const, id }, config };
  const run = launch(plan(input, 0), {}, 0).id;
  expect(runDetail(run).config).toMatchObject({ grpo: { ptx: { texts: `labelled:${mix.id}` } } });
  expect(runsOnLabelled(mix.id).map(({ id }) => id)).toEqual([run]); // so it is hidden where the texts are
  await spawnTrainer(claimRun("test", Date.now)!, () => false).ended;
  const output = join(scratch(), "run");
  const path = file("run.json", { ...config, data: { train: `labelled:${id}` }, output });
  const { status } = program("lib/cli.ts")("with-database", "--", path, "train", path);
  expect(status).toBe(0);
  expect([...rowsOf(run)].map(({ ptx_loss }) => ptx_loss! > 0)).toEqual([true, true]);
  const adapter = (folder: string) => readFileSync(join(folder, "adapter_model.safetensors"));
  expect(adapter(runFolder(run)).equals(adapter(output))).toBe(true);
  const asked = (texts: string) => plan({ ...input, config: { ...config, grpo: { ...grpo, ptx: { texts } } } }, 0);
  expect(() => asked("dataset:nowhere")).toThrow("grpo.ptx.texts: There is no dataset nowhere.");
  expect(() => asked(`labelled:${id}`)).toThrow("asked holds prompts, which SFT does not read");
});
