// What the command reads: the run's rows as texts, from which OpenRLHF makes the run's ids and masks (`npm run openrlhf-commands` has it do so).
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRunConfig } from "../../common/config-file";
import { runConfig } from "../../spec/config";
import { batchRows } from "../data/row-batches";
import type { PairTokens } from "../data/tokenize";
import { readTokenizer } from "../models/tokenizer";
import { prepareData } from "../run/prepare";
import { exportOpenRlhf } from "./export";

const golden = "data/golden/trajectories";
const scratch = () => mkdtempSync(join(tmpdir(), "workbench-openrlhf-"));

const config = (method: string, more: object = {}) =>
  runConfig.parse({
    method,
    model: { source: `${golden}/model`, dtype: "bfloat16" },
    data: { train: `${golden}/pairs.jsonl`, heldOut: 0.2, maxLength: 256 },
    ...{ epochs: 2.5, batchSize: 3, gradientAccumulationSteps: 2, seed: 5, output: "unused" },
    ...more,
  });

const linesOf = (folder: string, name: string) =>
  readFileSync(join(folder, name), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);

test("pairs as texts of the ids that the run takes, once for each time that a step takes them", async () => {
  const folder = scratch();
  const run = config("dpo");
  const { rows, heldOut, steps, notes } = await exportOpenRlhf(run, folder);
  const tokenizer = readTokenizer(`${golden}/model`);
  const { dataset } = await prepareData(run, tokenizer);
  const taken = Array.from({ length: steps }, (_, step) => batchRows(dataset.train, 6, step, "shuffled", 5)).flat();
  expect(rows).toBe(steps * 6);
  expect(steps).toBe(Math.ceil((2.5 * dataset.train.length) / 6));
  const written = linesOf(folder, "rows.jsonl");
  expect(written).toHaveLength(rows);
  for (const [i, { tokens }] of taken.entries()) {
    const { chosen, rejected } = tokens as PairTokens;
    const { prompt, ...answers } = written[i]!;
    expect(tokenizer.encode(`${prompt}${answers.chosen}`)).toEqual(chosen.input_ids);
    expect(tokenizer.encode(`${prompt}${answers.rejected}`)).toEqual(rejected.input_ids);
    expect(tokenizer.encode(prompt!)).toHaveLength(chosen.completion_mask.indexOf(1));
  }
  expect(linesOf(folder, "held-out.jsonl")).toHaveLength(heldOut);
  expect(notes.at(-1)).toContain("the line break that the chat template puts after it is not learned");
  expect(readFileSync(join(folder, "train.sh"), "utf8")).toContain(`# ${notes.at(-1)}\n`);
});

test("a template that ends with its end token leaves nothing to be said", async () => {
  const folder = scratch();
  const source = join(folder, "model");
  cpSync(`${golden}/model`, source, { recursive: true });
  withoutBreaks(source);
  const { notes } = await exportOpenRlhf(config("sft", { model: { source, dtype: "bfloat16" } }), folder);
  expect(notes.join()).not.toContain("line break");
  for (const { response } of linesOf(folder, "rows.jsonl")) expect(response).toMatch(/<\|im_end\|>$/);
});

/** Its template's turns, one after the other on one line. */
function withoutBreaks(folder: string): void {
  for (const name of ["chat_template.jinja", "tokenizer_config.json"]) {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, "utf8").replace(/(<\|im_end\|>') \+ '(\\\\n|\\n)'/, "$1"));
  }
}

test("learned whole, rows are one text", async () => {
  const folder = scratch();
  await exportOpenRlhf(config("sft", { sft: { completionOnlyLoss: false } }), folder);
  const [row] = linesOf(folder, "rows.jsonl");
  expect(Object.keys(row!)).toEqual(["text"]);
  expect(row!.text).toMatch(/^<\|im_start\|>user\n[\s\S]*<\|im_end\|>\n$/);
});

test("a margin stands in its row, and turns OpenRLHF's margin loss on", async () => {
  const folder = scratch();
  const data = join(folder, "pairs.jsonl");
  const row = (margin: number) => ({ prompt: `Say ${margin}.`, chosen: "Yes.", rejected: "No.", margin });
  writeFileSync(data, [1.5, 0].map((margin) => JSON.stringify(row(margin))).join("\n"));
  const run = { data: { train: data, order: "sequential" }, adapter: null, batchSize: 1, gradientAccumulationSteps: 1 };
  await exportOpenRlhf(config("reward", { ...run, epochs: 1 }), folder);
  expect(linesOf(folder, "rows.jsonl").map(({ margin }) => margin)).toEqual([1.5, undefined]);
  expect(readFileSync(join(folder, "train.sh"), "utf8")).toContain("--model.margin_loss_enable");
});

test("of methods that sample, prompts are asked in whole updates, and a label is what the reward reads of a row", async () => {
  const folder = scratch();
  const data = join(folder, "prompts.jsonl");
  const row = (answer: number) => ({ prompt: [{ role: "user", content: `Say ${answer}.` }], answer: String(answer) });
  writeFileSync(data, [2, 4, 6].map((answer) => JSON.stringify(row(answer))).join("\n"));
  const grpo = { prompts: 2, numGenerations: 2, reward: { rules: { answer: { column: "answer" } } } };
  const run = { data: { train: data, order: "sequential" }, adapter: null, grpo, epochs: 1 };
  const { rows, steps } = await exportOpenRlhf(config("grpo", run), folder);
  expect({ rows, steps }).toEqual({ rows: 4, steps: 2 });
  const written = linesOf(folder, "rows.jsonl");
  expect(written[1]!.prompt).toBe("<|im_start|>user\nSay 4.<|im_end|>\n<|im_start|>assistant\n");
  expect(JSON.parse(written[1]!.label!)).toEqual({ prompt: row(4).prompt, truth: "4" });
  expect(written[3]).toEqual(written[0]);
  expect(existsSync(join(folder, "run.json"))).toBe(true);
});

test("a row that OpenRLHF would cut is named, and one that it would leave out", async () => {
  const cut = config("dpo", { data: { train: `${golden}/pairs.jsonl`, maxLength: 24 } });
  await expect(exportOpenRlhf(cut, scratch())).rejects.toMatchObject({ path: "data.maxLength" });
  const folder = scratch();
  const data = { train: join(folder, "texts.jsonl") };
  writeFileSync(data.train, JSON.stringify({ text: "Once upon a time." }));
  await expect(exportOpenRlhf(config("sft", { data }), folder)).rejects.toMatchObject({ path: "data.train" });
  await exportOpenRlhf(config("sft", { data, sft: { completionOnlyLoss: false } }), folder);
  expect(linesOf(folder, "rows.jsonl")[0]).toEqual({ text: "Once upon a time.<|im_end|>" });
});

test("the GPUs that it starts on are said beside the run", async () => {
  const folder = scratch();
  const distributed = { processes: 3, zeroStage: 2, offload: "cpu" } as const;
  await exportOpenRlhf({ ...config("dpo"), distributed }, folder);
  const ppo = { rollouts: 6, reward: { rules: { json: {} } } };
  await exportOpenRlhf({ ...config("ppo", { adapter: null, ppo }), distributed }, join(folder, "ppo"));
  expect(readRunConfig(join(folder, "ppo", "run.json")).method).toBe("ppo"); // whose reward is served in one process
  const command = readFileSync(join(folder, "train.sh"), "utf8");
  for (const part of ["--num_gpus 3", "--ds.zero_stage 2", "--ds.adam_offload", "--train.micro_batch_size 1 "])
    expect(command).toContain(part);
});
