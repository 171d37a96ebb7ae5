// Reward functions in whole runs, and beside TRL.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { fileHash } from "../../../common/file-hash";
import type { Text } from "../../../spec/chat";
import { runConfig } from "../../../spec/config";
import { rewardSource } from "../../../spec/fields/rewards";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import type { TracedRollout } from "../../../spec/rollouts";
import { loadModel } from "../../models/load";
import { inputHashes } from "../../run/inputs";
import { silent } from "../../run/observer";
import { run } from "../../run/train";
import { createReward, partStats } from "../rewards";

interface Golden {
  inputs: { row: { prompt: Text; words: number | null; chosen: string | null }; ids: number[] }[];
  batch: { prompts: Text[]; words: (number | null)[]; chosen: (string | null)[] };
  answers: (number | boolean | null)[];
  weight: number;
  other: number;
  sums: number[];
  mean: number;
}
const golden = JSON.parse(readFileSync("data/golden/reward-batch.json", "utf8")) as Golden;

test("a function gets what TRL 1.16.0 passes to one, and its rewards sum to TRL's", async () => {
  const { model, tokenizer } = await loadModel({ source: "tiny", dtype: "float32" });
  const file = join(mkdtempSync(join(tmpdir(), "workbench-function-")), "r.py");
  writeFileSync(
    file,
    `import json\ndef reward(**batch):\n  print(json.dumps(batch))\n  return ${pythonList(golden.answers)}`,
  );
  const source = rewardSource.parse({ function: { file, weight: golden.weight } });
  const output = mkdtempSync(join(tmpdir(), "workbench-function-"));
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const reward = createReward(source, true, model, tokenizer, { output, note, waiting: null });
  const scored = reward(
    golden.inputs.map(({ row: { prompt, words, chosen }, ids }) => ({
      ...{ prompt, query: [1], response: [...ids, tokenizer.eos] },
      columns: { words, chosen },
    })),
  );
  expect(scored.scores.map((score) => score + golden.other)).toEqual(golden.sums);
  expect(partStats(scored)["score/function"]).toBeCloseTo(golden.mean, 6);
  const passed = JSON.parse(notes.at(-1)!.split(" printed: ")[1]!) as object;
  const texts = golden.inputs.map(({ ids }) => tokenizer.decode(ids));
  const asMessages = (i: number) =>
    typeof golden.batch.prompts[i] === "string" ? texts[i] : [{ role: "assistant", content: texts[i] }];
  expect(passed).toEqual({
    ...golden.batch,
    completions: texts.map((_, i) => asMessages(i)), // of the ids themselves: TRL's texts are of another tokenizer
    completion_ids: golden.inputs.map(({ ids }) => [...ids, tokenizer.eos]),
  });
});

const pythonList = (values: (number | boolean | null)[]) =>
  `[${values.map((value) => (value === null ? "None" : value === true ? "True" : value)).join(", ")}]`;

/** A step of GRPO on four prompts, two answers each, by a function with this text. */
async function grpo(text: string, options: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), "workbench-function-"));
  const [file, rows] = [join(folder, "r.py"), join(folder, "rows.jsonl")];
  writeFileSync(file, text);
  const row = (points: number | null, i: number) => ({ prompt: [{ role: "user", content: `Say ${i}.` }], points });
  writeFileSync(rows, [1, 2, 6, null].map((points, i) => JSON.stringify(row(points, i))).join("\n"));
  const config = runConfig.parse({
    ...{ method: "grpo", model: { source: "tiny" }, output: join(folder, "out"), maxSteps: 1, evalEvery: null },
    ...{ data: { train: rows, heldOut: 0 }, sampleEvery: 1, samplePrompts: 4, sampleLength: 4 },
    grpo: {
      ...{ numGenerations: 2, prompts: 4, maxCompletionLength: 6 },
      reward: { function: { file, weight: 0.5, ...options } },
    },
  });
  const [notes, metrics, rewards] = [[] as string[], [] as MetricRow[], [] as (number | null)[][]];
  const rollouts: TracedRollout[] = [];
  const finished = await run(config, {
    observer: {
      ...silent,
      note: (text) => void notes.push(text),
      metrics: (row) => void metrics.push(row),
      rollouts: (_, traced) => void rollouts.push(...traced),
      answers: (_, answers) => void rewards.push(answers.map(({ reward }) => reward)),
    },
    signal: new AbortController().signal,
  });
  return { config, file, finished, notes, rewards, rollouts, step: metrics.find(({ step }) => step === 1)! };
}

test("a run learns from a function of its rows' columns, in its evaluations too; a checkpoint knows the file", async () => {
  const { config, file, finished, rewards, step } = await grpo("def reward(points, **_):\n  return points");
  expect(finished).toBe(true);
  expect(step["score/function"]).toBe((1 + 2 + 6) / 3); // the row without points is left out of the mean
  expect(step["objective/scores"]).toBe((0.5 * (1 + 2 + 6)) / 3);
  expect(rewards.at(-1)!.toSorted()).toEqual([0.5, 1, 3, null]); // what has none has none here, too
  expect(inputHashes(config)["grpo.reward.function.file"]).toBe(fileHash(file));
}, 120_000);

test("where the function has no reward for any completion nothing is learnt, and the rollouts say so", async () => {
  const { finished, step, rollouts } = await grpo("def reward(points, **_):\n  return [None for _ in points]");
  expect(finished).toBe(true);
  expect(step).toMatchObject({ loss: 0, grad_norm: 0, frac_reward_zero_std: 1 });
  expect(step["objective/scores"]).toBeUndefined();
  expect(rollouts.map(({ score }) => score)).toEqual([null, null, null, null]);
}, 120_000);

test("a function that fails ends the run; with onFailure zero the run goes on, and its log says why", async () => {
  const failing = "def reward(points, **_):\n  return [one / 0 for one in points]";
  await expect(grpo(failing)).rejects.toThrow(/^the reward function \S+r\.py failed at \S+r\.py:2: ZeroDivisionError/);
  const { finished, step, notes } = await grpo(failing, { onFailure: "zero" });
  expect(finished).toBe(true);
  expect([step["score/function"], step["objective/scores"]]).toEqual([0, 0]);
  expect(notes.filter((note) => /^scored 0: the reward function \S+ failed at/.test(note))).not.toHaveLength(0);
}, 120_000);

test.each([
  ["r.py", "import os\ndef reward(**_):\n  open('pid', 'w').write(str(os.getpid()))\n  while True: pass"],
  [
    "r.mjs",
    "import { writeFileSync } from 'node:fs'; export const reward = () => { writeFileSync('pid', String(process.pid)); for (;;); };",
  ],
])(
  "%s: a trainer that is killed leaves no function looping behind",
  async (name, text) => {
    const folder = mkdtempSync(join(tmpdir(), "workbench-function-"));
    const file = join(folder, name);
    writeFileSync(file, text);
    const program = join(folder, "trainer.ts");
    writeFileSync(
      program,
      `import { rewardFunction } from ${JSON.stringify(resolve("trainers/rewards/function/function"))};
     const given = { file: ${JSON.stringify(file)}, weight: 1, timeout: 600, memory: 4096, onFailure: "stop" as const };
     rewardFunction(given, { output: ${JSON.stringify(folder)}, note() {} })([{ prompt: "", completion: "", ids: [], columns: {} }]);`,
    );
    const trainer = spawn(process.execPath, ["--import", "tsx", program], { stdio: "ignore" });
    const pidIn = () => readFileSync(join(folder, "pid"), "utf8");
    await vi.waitFor(() => expect(pidIn()).toMatch(/\d/), 30_000);
    trainer.kill("SIGKILL");
    await vi.waitFor(() => expect(existsSync(`/proc/${pidIn()}`)).toBe(false), 10_000);
  },
  60_000,
);

test("on the command line a run whose function is not there says where it is looked for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-function-"));
  const config = {
    ...{ method: "grpo", model: { source: "tiny" }, output: join(folder, "out") },
    data: { train: "data/samples/prompts.jsonl", maxRows: 4 },
    grpo: { reward: { function: { file: join(folder, "none.py") } } },
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(config));
  const preflight = ["scripts/program.mjs", "trainers/cli.ts", "preflight", join(folder, "run.json")];
  await expect(promisify(execFile)(process.execPath, preflight)).rejects.toMatchObject({
    stderr: expect.stringContaining(
      `grpo.reward.function.file: there is no reward function at ${join(folder, "none.py")}`,
    ),
  });
}, 60_000);
