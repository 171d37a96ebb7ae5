// What a script reads: the rows of the run, in its order, and its starting adapter.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { writeFamilyFolder } from "../../test/family-models";
import { batchRows } from "../data/row-batches";
import { weightShapes } from "../models/families";
import { writeGguf } from "../models/formats/gguf-write";
import { readSafetensors } from "../models/formats/safetensors";
import { readModel } from "../models/load";
import { readTokenizer } from "../models/tokenizer";
import { prepareData } from "../run/prepare";
import { exportTrl } from "./export";

const golden = "data/golden/trajectories";

test.each([
  ["sft", { prompt: expect.anything(), completion: expect.anything() }],
  ["dpo", { prompt: expect.anything(), chosen: expect.anything(), rejected: expect.anything() }],
  ["reward", { prompt: expect.anything(), chosen: expect.anything(), rejected: expect.anything() }],
])("%s: rows as they are trained on, in the order of the run's steps", async (method, row) => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-trl-"));
  const config = runConfig.parse({
    method,
    model: { source: `${golden}/model` },
    adapter: { rank: 4, targets: ["q_proj"] },
    data: { train: `${golden}/pairs.jsonl`, heldOut: 0.2, maxLength: 256 },
    ...{ epochs: 2.5, batchSize: 3, gradientAccumulationSteps: 2, seed: 5, output: "unused" },
  });
  const { rows, steps } = await exportTrl(config, folder);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const written = read("rows.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { prompt: unknown });
  const { dataset } = await prepareData(config, readTokenizer(`${golden}/model`));
  const trained = dataset.train as { prompt: unknown }[];
  expect(written.map(({ prompt }) => prompt)).toEqual(trained.map(({ prompt }) => prompt));
  expect(written).toHaveLength(rows);
  for (const one of written) expect(one).toEqual(row);
  expect(steps).toBe(Math.ceil((2.5 * rows) / 6));
  const order = JSON.parse(read("order.json")) as number[];
  const taken = Array.from({ length: steps }, (_, step) => batchRows(dataset.train, 6, step, "shuffled", 5)).flat();
  expect(order.map((i) => written[i]!.prompt)).toEqual(taken.map(({ prompt }) => prompt));
  expect(read("train.py")).toContain(`max_steps=${steps},`);
  const names = [...readSafetensors(join(folder, "adapter", "adapter_model.safetensors")).keys()];
  expect(names.some((name) => name.endsWith("lora_A.weight"))).toBe(true);
  expect(names.includes("base_model.model.score.weight")).toBe(method === "reward");
});

test.each([
  ["all-linear", `target_modules=["q_proj", "k_proj", "v_proj", "o_proj"]`],
  [["q_proj", "experts.down_proj"], `target_modules=["q_proj"],\n    target_parameters=["experts.down_proj"]`],
])("a mixture's layers are named, since PEFT's all-linear has its router and experts: %s", async (targets, line) => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-trl-"));
  writeFamilyFolder(join(folder, "olmoe"), JSON.parse(readFileSync("data/golden/families/olmoe.json", "utf8")).config);
  const config = runConfig.parse({
    method: "dpo",
    model: { source: join(folder, "olmoe") },
    adapter: { rank: 2, targets },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    ...{ maxSteps: 2, output: "unused" },
  });
  await exportTrl(config, folder);
  expect(readFileSync(join(folder, "train.py"), "utf8")).toContain(line);
});

test("of GRPO the script asks the workbench what the completions of a row are worth to the run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-trl-"));
  const [file, data] = [join(folder, "reward.py"), join(folder, "prompts.jsonl")];
  writeFileSync(file, "def reward(completion_ids, points, **_):\n  return points");
  const row = (points: number | null, i: number) => ({ prompt: [{ role: "user", content: `Say ${i}.` }], points });
  writeFileSync(data, [2, 4, null].map((points, i) => JSON.stringify(row(points, i))).join("\n"));
  const config = runConfig.parse({
    ...{ method: "grpo", model: { source: "tiny" }, output: "unused", maxSteps: 5, seed: 2 },
    data: { train: data },
    grpo: {
      ...{ prompts: 2, numGenerations: 2, numIterations: 2, missingEosPenalty: 0.25, rewardClip: 3 },
      reward: { function: { file } },
    },
  });
  const { steps } = await exportTrl(config, folder);
  expect(steps).toBe(6); // whole updates
  const order = JSON.parse(readFileSync(join(folder, "order.json"), "utf8")) as number[];
  expect(order).toHaveLength(6); // 3 updates of 2 prompts
  expect(order.slice(0, 3).toSorted()).toEqual([0, 1, 2]); // an epoch has each
  const { eos } = (await readModel("tiny")).tokenizer;
  const asked = { row: [0, 1, 1, 2], completion_ids: [[5, eos], [5, eos], [5, 6], [eos]] };
  const { answer, logged } = rewardsIn(folder, asked);
  expect(answer).toEqual([2, 3, 3 - 0.25, null]); // clipped to 3; one was cut; one has no points
  expect(logged).toEqual({ "score/function": (2 + 4 + 4) / 3 });
  expect(() => rewardsIn(folder, { ...asked, completion_ids: [[], [], [], []] })).toThrow("RuntimeError");
}, 60_000);

/** What the script's own function says, by Python without TRL. */
function rewardsIn(folder: string, asked: object): { answer: (number | null)[]; logged: object } {
  const script = readFileSync(join(folder, "train.py"), "utf8");
  const ofRewards = script.slice(script.indexOf("rows = ["), script.indexOf("trainer = "));
  const program = `import json, pathlib, subprocess, sys
here = pathlib.Path(sys.argv[1])
${ofRewards}
logged = {}
answer = reward(**json.loads(sys.argv[2]), log_metric=logged.__setitem__, prompts=[], completions=[])
print(json.dumps({"answer": answer, "logged": logged}))`;
  const given = ["-c", program, folder, JSON.stringify(asked)];
  return JSON.parse(execFileSync("python3", given, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }));
}

test("a model in one .gguf file is written beside the script as a folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-trl-"));
  const source = join(folder, "tiny.gguf");
  writeGguf(source, "tiny", await readModel("tiny"), "F16");
  const data = { train: `${golden}/pairs.jsonl`, maxLength: 256 };
  await exportTrl(runConfig.parse({ method: "dpo", model: { source }, data, maxSteps: 2, output: "unused" }), folder);
  const [read, written] = [await readModel(source), await readModel(join(folder, "model"))];
  for (const name of Object.keys(weightShapes(read.config)))
    expect(written.host.get(name)!.data).toEqual(read.host.get(name)!.data);
  expect(readFileSync(join(folder, "train.py"), "utf8")).toContain('base = here / "model"');
});
