// lm-eval itself, through the server: what it finds is what the model's own log-probabilities and answers say.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { type EvaluationReport, evaluationOptions, ownTasks } from "../../../spec/evaluations";
import { heldInFull } from "../../../spec/fields/model";
import { tokenBatch } from "../../inference/batches";
import { tokenLogProbs } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { sumOfScored } from "../../inference/scored-tokens";
import { loadModel } from "../../models/load";
import { evaluateTasks } from "./run-tasks";

const model = { source: "tiny", dtype: "float32" as const, ...heldInFull };
const count = 12;
const folder = mkdtempSync(join(tmpdir(), "workbench-tasks-"));
const pairs = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz"))
  .toString()
  .split("\n", count)
  .map((line) => {
    const { prompt, chosen, rejected } = JSON.parse(line) as Record<string, [{ role: string; content: string }]>;
    return { prompt: prompt![0].content, answers: [rejected![0].content, chosen![0].content] };
  });

let report: EvaluationReport;
beforeAll(async () => {
  writeFileSync(join(folder, "rows.jsonl"), pairs.map((row) => JSON.stringify(row)).join("\n"));
  const common = `dataset_path: json\ndataset_kwargs: {data_files: {test: ${folder}/rows.jsonl}}\ntest_split: test\ndoc_to_text: "{{prompt}}"\ntarget_delimiter: ""\n`;
  writeFileSync(
    join(folder, "preferred.yaml"),
    `task: preferred\n${common}output_type: multiple_choice\ndoc_to_choice: "{{answers}}"\ndoc_to_target: 1\nmetric_list: [{metric: acc}]\n`,
  );
  const tasks = ["preferred", "sorting", "general_text", "instructions"];
  report = await evaluateTasks(model, null, evaluationOptions.parse({ tasks, folder, limit: count }), () => {});
}, 400_000); // lm-eval is installed where it never was

const metric = (task: string, name: string) =>
  report.tasks.find((one) => one.name === task)!.metrics.find((one) => one.name === name)!;

test("the likelier of two answers is the one with the higher log-probability after the chat template", async () => {
  const { model: loaded, tokenizer } = await loadModel(model);
  const sums = (asked: string, answers: string[]) => {
    const prompt = tokenizer.conversation([{ role: "user", content: asked }], true);
    return answers.map((answer) => {
      const own = tokenizer.encode(answer);
      const input_ids = [...prompt, ...own];
      const completion_mask = input_ids.map((_, t) => (t < prompt.length ? 0 : 1));
      const batch = tokenBatch([[{ input_ids, completion_mask }]], tokenizer.pad);
      return sumOfScored(tokenLogProbs(loaded, null, batch), batch).dataSync()[0]!;
    });
  };
  const right = pairs.map(({ prompt, answers }) => {
    const [worse, better] = sums(prompt, answers);
    return better! > worse! ? 1 : 0;
  });
  const acc = metric("preferred", "acc");
  expect(acc.rows).toEqual(right);
  expect(acc.value).toBeCloseTo(right.reduce<number>((a, b) => a + b, 0) / count, 12);
  expect(new Set(right).size).toBe(2); // some of each: the test can tell
});

test("bits per byte are the negative log-probability of the whole text, the first token after the end of another", async () => {
  const { model: loaded, tokenizer } = await loadModel(model);
  const texts = readFileSync("data/evaluations/general_text.jsonl", "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { text: string }).text);
  const prefix = tokenizer.bos ?? tokenizer.eos;
  const nats = texts.map((text) => {
    const input_ids = [prefix, ...tokenizer.encode(text)];
    const batch = tokenBatch(
      [[{ input_ids, completion_mask: input_ids.map((_, t) => Math.min(t, 1)) }]],
      tokenizer.pad,
    );
    return sumOfScored(tokenLogProbs(loaded, null, batch), batch).dataSync()[0]!;
  });
  const bytes = texts.map((text) => Buffer.byteLength(text));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const bitsWithout = (left: number | null) => {
    const kept = (values: number[]) => sum(values.filter((_, i) => i !== left));
    return -kept(nats) / Math.LN2 / kept(bytes);
  };
  const { value, error, rows } = metric("general_text", "bits_per_byte");
  expect(value).toBeCloseTo(bitsWithout(null), 4);
  expect(sum(rows!) / rows!.length).toBeCloseTo(value, 6);
  // the error, by leaving each text out in its turn (the jackknife), which linearising comes close to
  const left = texts.map((_, i) => bitsWithout(i));
  const middle = sum(left) / left.length;
  const jackknife = Math.sqrt(((left.length - 1) / left.length) * sum(left.map((one) => (one - middle) ** 2)));
  expect(error! / jackknife).toBeGreaterThan(0.9);
  expect(error! / jackknife).toBeLessThan(1.1);
});

test("answers are the greedy ones, and right where they equal the row's", async () => {
  const { model: loaded, tokenizer } = await loadModel(model);
  const rows = readFileSync("data/evaluations/sorting.jsonl", "utf8")
    .split("\n", count)
    .map((line) => JSON.parse(line) as { prompt: string; answer: string });
  const completions = createSampler(loaded, null)(
    rows.map(({ prompt }) => tokenizer.conversation([{ role: "user", content: prompt }], true)),
    { maxNewTokens: 48, temperature: 0, ends: tokenizer.ends, pad: tokenizer.pad, streams: rows.map((_, i) => `${i}`) },
  );
  const right = completions.map(({ ids }, i) => {
    const [line] = tokenizer.decode(ids).split("\n");
    return line!.trim().toLowerCase() === rows[i]!.answer.toLowerCase() ? 1 : 0;
  });
  expect(metric("sorting", "exact_match").rows).toEqual(right);
});

test("every task of this project is asked by the name that pages call it", () => {
  expect(Object.keys(ownTasks)).toEqual(expect.arrayContaining(["sorting", "general_text", "instructions"]));
  for (const name of ["prompt_level_strict_acc", "inst_level_loose_acc"])
    expect(metric("instructions", name)).toMatchObject({ higherIsBetter: true });
  expect(report.tasks.map(({ name, asked, n }) => [name, asked, n])).toEqual(
    [
      ["general_text", 8],
      ["instructions", count],
      ["preferred", count],
      ["sorting", count],
    ].map(([name, n]) => [name, name, n]),
  );
});

test("a task that there is not is refused by name", { tags: "long" }, async () => {
  const options = evaluationOptions.parse({ tasks: ["sorting", "no_such_task"] });
  await expect(evaluateTasks(model, null, options, () => {})).rejects.toThrow(/has no task no_such_task/);
});
