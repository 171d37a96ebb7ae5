// The seam between training and this evaluation: on the rows that a run held out, its accuracy is the one that the run itself measured.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Text } from "../../../spec/chat";
import { evaluationReport } from "../../../spec/evaluations";
import { program } from "../../../test/program";
import { tokenizeAnswer } from "../../data/tokenize";
import { readModel } from "../../models/load";
import { evaluatePreferences } from "./evaluate-preferences";

const run = program("trainers/cli.ts");
const folder = mkdtempSync(join(tmpdir(), "workbench-preferences-"));
const rows = join(folder, "pairs.jsonl");
writeFileSync(
  rows,
  gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz"))
    .toString()
    .split("\n", 400)
    .filter((_, i) => i % 2 === 0)
    .join("\n"),
);

test.each([
  ["dpo", "policy", "eval_rewards/accuracies"],
  ["reward", "reward", "eval_accuracy"],
] as const)("a %s run's held-out accuracy", async (method, as, metric) => {
  const output = join(folder, method);
  const config = {
    method,
    model: { source: "tiny" },
    data: { train: rows, heldOut: 0.3 },
    batchSize: 4,
    maxSteps: 8,
    evalEvery: 8,
    optimizer: { learningRate: 3e-3 },
    output,
  };
  const file = join(folder, `${method}.json`);
  writeFileSync(file, JSON.stringify(config));
  const trained = run("train", file);
  const measured = trained.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number>)
    .findLast((line) => metric in line)!;
  const evaluated = run("evaluate-preferences", `--${as}=${output}`, "--held-out=0.3", "tiny", rows);
  const [task] = evaluationReport.parse(JSON.parse(evaluated.stdout)).tasks;
  const accuracy = task!.metrics.find(({ name }) => name === "accuracy")!;
  expect(task!.n).toBeGreaterThan(30);
  expect(accuracy.value).toBeCloseTo(measured[metric]!, 6);
  expect(new Set(accuracy.rows)).toEqual(new Set([0, 1])); // neither all right nor all wrong: the test can tell
});

test("by category, their mean, and ties by their own measure; rows that cannot be read are left out", async () => {
  const { tokenizer } = await readModel("tiny");
  const lines = [
    { prompt: "a", chosen: "xxx", rejected: "x", subset: "Length" },
    { prompt: "b", chosen: "x", rejected: "xxx", subset: "Length" },
    { prompt: "c", chosen: ["xxxx"], rejected: ["x", "xx", "xxx"], subset: "Best", id: "7" },
    {
      prompt: "d",
      chosen: ["xxxx"],
      rejected: ["x", "xx"],
      subset: "Ties",
      id: "ref:0",
      num_correct: 1,
      num_incorrect: 2,
    },
    {
      prompt: "e",
      chosen: ["xxxx", "xxxxx"],
      rejected: ["x", "xx"],
      subset: "Ties",
      id: "tied:0",
      num_correct: 2,
      num_incorrect: 2,
    },
    { nothing: "that can be read" },
  ];
  const file = join(folder, "bench.jsonl");
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
  // the longer, the better
  const scorer = {
    row: (prompt: Text, answer: Text) => tokenizeAnswer(tokenizer, prompt, answer),
    longest: 99,
    score: (answers: { input_ids: number[] }[]) => answers.map((row) => tokenizer.decode(row.input_ids).length),
  };
  const said: string[] = [];
  const task = await evaluatePreferences(
    scorer,
    { name: "bench", rows: file, limit: null, heldOut: 0, category: "subset" },
    (text) => said.push(text),
  );
  // ties: both accuracies 0.6; margins to wrong 2, among right 1: 0.4; 0.01 tanh(2/1 − 1)
  const ties = 1 + 0.01 * Math.tanh(1);
  expect(task.n).toBe(5);
  expect(task.metrics.map(({ name, value }) => [name, value])).toEqual([
    ["accuracy", 2 / 3],
    ["mean accuracy of categories", (0.5 + 1 + ties) / 3],
    ["accuracy, Best", 1],
    ["accuracy, Length", 0.5],
    ["accuracy, Ties", ties],
  ]);
  expect(said.join()).toMatch(/1 rows are left out, the first: line 6/);
});
