// Thirty-odd runs that cannot work. Each is refused before it starts, at the field that is to blame.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { runConfig } from "../../spec/config";
import { FieldError } from "../../spec/field-error";
import { readModel } from "../models/load";
import { examine } from "./validate-run";

const folder = mkdtempSync(join(tmpdir(), "workbench-examine-"));
const written = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const golden = "data/golden/trajectories";
const ggufFile = written("teacher.gguf", "GGUF");
const films = "data/samples/film-reviews.jsonl.gz";
const broken = join(folder, "broken-adapter");
mkdirSync(broken);
writeFileSync(join(broken, "adapter_config.json"), "{");

afterEach(() => void vi.unstubAllEnvs());

/** A run that would work, with some of it changed. */
const run = (changes: Record<string, unknown> = {}) => ({
  method: "dpo",
  model: { source: "tiny" },
  data: { train: films, maxLength: 128 },
  output: join(folder, "out"),
  ...changes,
});
const ppo = (block: object, changes: object = {}) =>
  run({ method: "ppo", ppo: { reward: { gold: "film-reviews" }, ...block }, ...changes });

async function refusals(file: object): Promise<string[]> {
  const parsed = runConfig.safeParse(file);
  if (!parsed.success)
    return parsed.error.issues.map((issue) => [...issue.path, ...("keys" in issue ? issue.keys : [])].join("."));
  try {
    await examine(parsed.data, []);
    return [];
  } catch (error) {
    if (error instanceof FieldError) return [error.path];
    throw error;
  }
}

test("what works is not refused", async () => {
  for (const file of [
    run(),
    ppo({}),
    run({ method: "reward" }),
    run({ method: "kto" }),
    run({ method: "distill", distill: { teacher: "data/tiny" } }),
  ])
    expect(await refusals(file)).toEqual([]);
});

test.each<[string, object, string]>([
  ["no batch at all", run({ batchSize: 0 }), "batchSize"],
  ["half a batch", run({ batchSize: 2.5 }), "batchSize"],
  ["a learning rate in words", run({ optimizer: { learningRate: "fast" } }), "optimizer.learningRate"],
  ["a negative learning rate", run({ optimizer: { learningRate: -1e-4 } }), "optimizer.learningRate"],
  ["warm-up beyond the run", run({ optimizer: { warmupRatio: 2 } }), "optimizer.warmupRatio"],
  ["a misspelt field", run({ optimiser: {} }), "optimiser"],
  ["a misspelt field of a block", run({ dpo: { betta: 0.1 } }), "dpo.betta"],
  ["a loss nobody has", run({ dpo: { loss: "sigmund" } }), "dpo.loss"],
  ["β below zero", run({ dpo: { beta: -0.1 } }), "dpo.beta"],
  ["a method nobody has", run({ method: "dqo" }), "method"],
  ["no data", run({ data: {} }), "data.train"],
  ["two kinds of data", run({ data: { train: films, tokens: "x.json" } }), "data.train"],
  ["a data file that is not there", run({ data: { train: join(folder, "none.jsonl") } }), "data.train"],
  ["held-out data that is not there", run({ data: { train: films, eval: "none.jsonl" } }), "data.eval"],
  ["an empty data file", run({ data: { train: written("empty.jsonl", "") } }), "data.train"],
  ["lines that are no JSON", run({ data: { train: written("words.jsonl", "good evening\n") } }), "data.train"],
  [
    "answers without a rejected one",
    run({ data: { train: written("half.jsonl", '{"prompt":"a","chosen":"b"}\n') } }),
    "data.train",
  ],
  ["supervised text for a preference method", run({ data: { train: `${golden}/sft.jsonl` } }), "data.train"],
  ["a snapshot that was never taken", run({ data: { train: "snapshot:999999" } }), "data.train"],
  ["rows too short for anything", run({ data: { train: films, maxLength: 8 } }), "data.maxLength"],
  ["a model that is not there", run({ model: { source: join(folder, "no-model") } }), "model.source"],
  ["a folder that is no model", run({ model: { source: golden } }), "model.source"],
  ["an adapter that is not there", run({ adapter: { init: join(folder, "no-adapter") } }), "adapter.init"],
  ["an adapter with a damaged file", run({ adapter: { init: broken } }), "adapter.init"],
  ["an adapter of another model", run({ adapter: { init: `${golden}/adapter_init` } }), "adapter.init"],
  ["a reference that is not there", run({ reference: join(folder, "no-reference") }), "reference"],
  ["the initial adapter as reference where there is none", run({ reference: "initial" }), "reference"],
  ["a whole model to start an adapter from", run({ adapter: { init: `${golden}/model` } }), "adapter.init"],
  ["a reference with another vocabulary", run({ adapter: null, reference: `${golden}/model` }), "reference"],
  ["PPO that nothing scores", ppo({ reward: {} }), "ppo.reward.model"],
  ["a reward model that is not there", ppo({ reward: { model: join(folder, "no-reward") } }), "ppo.reward.model"],
  [
    "a policy where a reward model should be",
    ppo({ reward: { model: `${golden}/adapter_init` } }, { model: { source: `${golden}/model` } }),
    "ppo.reward.model",
  ],
  [
    "a reward function that is not there",
    ppo({ reward: { function: { file: join(folder, "none.py") } } }),
    "ppo.reward.function.file",
  ],
  [
    "a JSON schema that is none",
    ppo({ reward: { rules: { jsonSchema: { schema: { type: "lst" } } } } }),
    "ppo.reward.rules.jsonSchema.schema",
  ],
  ["no teacher", run({ method: "distill" }), "distill.teacher"],
  ["a teacher that is not there", run({ method: "distill", distill: { teacher: "runs/none" } }), "distill.teacher"],
  ["a teacher in one file", run({ method: "distill", distill: { teacher: ggufFile } }), "distill.teacher"],
  ["a teacher of other tokens", run({ method: "distill", distill: { teacher: `${golden}/model` } }), "distill.teacher"],
  [
    "completions that are sampled and left out",
    run({ method: "distill", distill: { teacher: "data/tiny" }, onSpike: "rollback" }),
    "onSpike",
  ],
  [
    "a policy gradient beside another divergence",
    run({ method: "distill", distill: { teacher: "data/tiny", policyGradient: true } }),
    "distill.beta",
  ],
  [
    "modules beside an adapter that has its own",
    run({ adapter: { init: "runs/sft", modulesToSave: ["norm"] } }),
    "adapter.modulesToSave",
  ],
  [
    "an output head, by the end of its name, that nothing is read from",
    run({ method: "reward", adapter: { modulesToSave: ["head"] } }),
    "adapter.modulesToSave",
  ],
  ["answers of a reward model", run({ method: "reward", sampleEvery: 5 }), "sampleEvery"],
])("%s", async (_, file, path) => {
  expect(await refusals(file)).toEqual([path]);
});

test("rows that this machine does not hold are refused with both sizes, and on another machine are odd", async () => {
  const long = Array.from({ length: 8000 }, (_, i) => `word${i}`).join(" ");
  const train = written("long.jsonl", `${JSON.stringify({ prompt: "a", chosen: long, rejected: `${long} b` })}\n`);
  const config = runConfig.parse(
    run({ data: { train, maxLength: 8192 }, batchSize: 512, microBatchTokens: 1 << 20, recompute: "none" }),
  );
  const wide = { ...config, model: { ...config.model, source: "smollm2-135m-instruct" } };
  await expect(examine(wide, [])).rejects.toThrow(
    /^rows of (\d+) tokens need about [\d.]+ GB of memory and this machine has [\d.]+ GB; .*recompute "block" saves [\d.]+ GB, then microBatchTokens 256 saves .*, or GPUs \(\/models\/smollm2-135m-instruct\?rank=16&experts=no&quantised=no&rows=512&tokens=\1&recompute=none#gpus\)$/,
  );
  vi.stubEnv("WORKBENCH_DATA", folder);
  const onRun = { ...wide, model: { ...wide.model, source: join(folder, "runs", "earlier", "model") } };
  await expect(examine(onRun, [], () => readModel(wide.model.source))).rejects.toThrow("(/models/earlier?rank=16");
  const { odd } = await examine({ ...wide, machine: "cluster" }, []);
  expect(odd.map(({ path }) => path)).toContain("data.maxLength");
  expect(odd.find(({ path }) => path === "data.maxLength")!.message).toMatch(
    /^about [\d.]+ GB of memory at the peak, and the workbench's machine has [\d.]+ GB; what cluster has is not known here; .*recompute "block" saves/,
  );
});

test("activations in a file need the own ops of the machine that trains, not of this one", async () => {
  vi.stubEnv("WORKBENCH_NATIVE", "off");
  const onDisk = runConfig.parse(run({ recompute: "disk" }));
  await expect(examine(onDisk, [])).rejects.toThrow('recompute "disk" needs');
  expect((await examine({ ...onDisk, machine: "cluster" }, [])).rows.train).toBeGreaterThan(100);
});

test("what is odd is said and may start", async () => {
  const { odd, memory } = await examine(
    runConfig.parse(
      run({ data: { train: films, heldOut: 0.1, maxLength: 128 }, maxSteps: 10, saveEvery: 50, evalEvery: 5 }),
    ),
    [],
  );
  expect(odd).toEqual([{ path: "saveEvery", message: "more than the run's 10 steps: only the last one counts" }]);
  expect(Object.values(memory!.parts).reduce((a, b) => a + b)).toBeCloseTo(memory!.peak, 0);
});

const long = "What is there to say of the film The Quiet River, of its story and of those who play in it? ".repeat(40);
const longPair = JSON.stringify({ prompt: long, chosen: "A gem.", rejected: "A bore." });
const longRow = JSON.stringify({ input_ids: Array(520).fill(5), completion_mask: Array(520).fill(1) });

test.each([
  [
    "a row",
    run({
      data: { train: written("long.jsonl", `${longPair}\n${longPair.replace("Quiet", "Silent")}\n`), maxLength: 4096 },
    }),
    { path: "data.maxLength", advice: "set Max length to 512 or less" },
  ],
  [
    "a row",
    run({ method: "sft", data: { tokens: written("tokens.json", `{"format": "tokens", "rows": [${longRow}]}`) } }),
    { path: "data.tokens", advice: "cut the rows of the token file" },
  ],
  [
    "a prompt with its longest completion",
    ppo({ maxCompletionLength: 600 }),
    { path: "data.maxLength", advice: "lower Max length, which prompts keep to, or the completion length" },
  ],
])(
  "%s that is longer than the model was made for is odd, with both numbers and where that comes from",
  async (what, file, { path, advice }) => {
    const { odd } = await examine(runConfig.parse(file), []);
    const [found] = odd.filter(({ message }) => message.includes("made for"));
    expect(found!.path).toBe(path);
    const [, tokens] = new RegExp(`^${what} has (\\d+) tokens and the model was made for 512, .*; ${advice}, or `).exec(
      found!.message,
    )!;
    expect(Number(tokens)).toBeGreaterThan(512);
  },
);

test("the memory of another engine is not estimated, and refuses nothing", async () => {
  const { memory } = await examine(
    runConfig.parse(run({ engine: "trl", data: { train: films, maxLength: 128 }, maxSteps: 10 })),
    [],
  );
  expect(memory).toBeNull();
});

test("a folder that a run before is to fill is not looked for", async () => {
  const later = join(folder, "later");
  const config = runConfig.parse(ppo({ reward: { model: later } }));
  await expect(examine(config, [])).rejects.toThrow("nothing at");
  expect((await examine(config, [later])).rows.train).toBeGreaterThan(100);
});

test("a criterion is the name of columns, and no folder: its reward model may start, and one that no row has is refused at its field", async () => {
  const rated = { prompt: "Q?", chosen: "Good.", rejected: "Bad.", chosen_clarity: 5, rejected_clarity: 1 };
  const train = written("rated.jsonl", JSON.stringify(rated));
  const by = (criterion: string) => run({ method: "reward", reward: { criterion }, data: { train, maxLength: 128 } });
  expect(await refusals(by("clarity"))).toEqual([]);
  expect(await refusals(by("tone"))).toEqual(["reward.criterion"]);
});
