// Files that came with their labels: kept as they are, trained on at once, and no vote of anybody.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Method } from "../../../spec/config";
import type { LabelKind } from "../../../spec/label-kinds";
import { allMethods } from "../../../spec/methods/all";
import { freshDatabase, seedRun } from "../../../test/database";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { cloneStart, labelledStart } from "../../runs/form-start";
import { launch, plan } from "../../runs/launch";
import { runDetail } from "../../runs/run-detail";
import { trainingSets } from "../../runs/training-sets";
import { labelledPath, loadLabelled } from "./labelled-sets";

beforeAll(() => {
  freshDatabase();
});

let files = 0;
const fileOf = (...rows: (object | string)[]): string => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), `${files++}.jsonl`);
  writeFileSync(path, rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n"));
  return path;
};
const rowsIn = (id: number) =>
  readFileSync(labelledPath(id), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as object);

const launched = (id: number, method: Method) =>
  plan(
    { name: "run", data: { kind: "labelled", id }, config: { method, model: { source: "tiny" }, ...scored[method] } },
    0,
  );
const onPolicy: Method[] = ["ppo", "grpo", "rloo", "reinforce-plus-plus", "iterative-dpo", "sppo", "nash-md", "raft"];
/** What scores the answers that a method samples. */
const gold = { gold: "film-reviews" };
const scored: Partial<Record<Method, object>> = {
  ppo: { ppo: { reward: gold } },
  grpo: { grpo: { reward: gold } },
  rloo: { rloo: { reward: gold } },
  "reinforce-plus-plus": { reinforcePlusPlus: { reward: gold } },
  "iterative-dpo": { iterativeDpo: { judge: gold } },
  sppo: { sppo: { judge: gold } },
  "nash-md": { nashMd: { judge: gold } },
  raft: { raft: { reward: gold } },
  distill: { distill: { teacher: "tiny" } },
};

const pair = { prompt: "2+2?", chosen: "4", rejected: "5", margin: 0.5, p_chosen: 0.9, strength: 3, source: "a book" };
const ranking = { prompt: "p", completions: ["a", "b", "c"], ranks: [1, 2, 2], annotator: "x" };
const rated = { prompt: "p", completions: ["a", "b", "c", "d"], scores: [9, 1, 1, 4] };
const solution = { prompt: "1+1+1?", completions: ["1+1 is 2.", "2+1 is 4."], labels: [true, false] };
const good = { prompt: "p", completion: "yes", label: true, from: "log" };
const bad = { prompt: "p", completion: "no", label: false };
const answer = { prompt: "p", completion: "yes" };

test("U1, DA: a file of pairs trains at once; its margin, probability, strength and other columns are kept, and nobody has voted", async () => {
  const before = trainingSets().length;
  const { id, ...report } = await loadLabelled("trl", fileOf(pair, { ...pair, prompt: "3+3?" }), 0);
  expect(report).toEqual({ name: "trl", holds: "pairs", rows: 2, pairs: 2, known: false, bad: [], left: 0, notes: [] });
  expect(rowsIn(id)).toEqual([pair, { ...pair, prompt: "3+3?" }]);
  const sets = trainingSets();
  expect(sets).toHaveLength(before + 1);
  expect(sets.at(-1)).toMatchObject({ kind: "labelled", id, name: "trl", holds: "pairs", rows: 2 });
  expect(launched(id, "dpo")[0]!.config.data.train).toBe(`labelled:${id}`);
  expect(appDb().select().from(judgements).all()).toEqual([]);
  expect(appDb().select().from(items).all()).toEqual([]);
});

test.each<[LabelKind, object[], number, Method[]]>([
  ["pairs", [pair], 1, ["dpo", "listwise", "simpo", "kto", "orpo", "cpo", "reward", "sft", "distill", ...onPolicy]],
  ["rankings", [ranking, pair, rated], 2 + 1 + 5, ["dpo", "listwise", "simpo", "orpo", "cpo", "reward", ...onPolicy]],
  ["unpaired", [good, bad], 0, ["kto", ...onPolicy]],
  ["prompts", [{ prompt: "p", from: "log" }, { messages: [{ role: "user", content: "q" }] }], 0, onPolicy],
  ["stepwise", [solution, { ...solution, labels: [true, true] }], 0, ["kto", "prm", "sft", "distill", ...onPolicy]],
  ["text", [{ text: "Once." }, { text: "Twice.", page: 2 }], 0, ["sft"]],
  [
    "sft",
    [
      answer,
      {
        messages: [
          { role: "user", content: "q" },
          { role: "assistant", content: "a" },
        ],
      },
    ],
    0,
    ["sft", "distill", ...onPolicy],
  ],
])(
  "DA: %s are offered to the methods that read them, and refused to the others at data.train",
  async (holds, rows, pairs, methods) => {
    const set = await loadLabelled(`all ${holds}`, fileOf(...rows), 0);
    expect(set).toMatchObject({ holds, rows: rows.length, pairs });
    const imitated = holds === "stepwise" ? 1 : rows.length; // of the two solutions one has a wrong step
    expect(trainingSets().at(-1)).toMatchObject({ id: set.id, imitated });
    expect(rowsIn(set.id)).toEqual(rows); // ties, scores and other columns too
    const all = allMethods.map(({ name }) => name);
    for (const method of all.filter((one) => methods.includes(one)))
      expect(launched(set.id, method)[0]!.config.data.train).toBe(`labelled:${set.id}`);
    for (const method of all.filter((one) => !methods.includes(one)))
      expect(() => launched(set.id, method), method).toThrow(
        expect.objectContaining({ status: 400, problems: [expect.objectContaining({ path: "data.train" })] }),
      );
  },
);

test("DA: the form opens on a labelled dataset with the method that its rows are for; its run is named after it, and cloned on it", async () => {
  const { id } = await loadLabelled("good and bad", fileOf(good, bad), 0);
  const start = labelledStart(id);
  expect(start).toMatchObject({ set: `labelled:${id}`, name: "good and bad, KTO", config: { method: "kto" } });
  const { name, config } = start as typeof start & { config: { method: string } };
  const input = { name, data: { kind: "labelled" as const, id }, config };
  const run = launch(plan(input, 0), {}, 0);
  expect(runDetail(run.id).lineage.data).toEqual({ name: "good and bad, as imported", queue: null });
  expect(cloneStart(run.id, null).set).toBe(start.set);
});

test("DA: what wrote a dataset's answers goes on learning: a base, or a run from where it ended", async () => {
  const { id } = await loadLabelled("written here", fileOf({ prompt: "p", chosen: "a", rejected: "b" }), 0);
  expect(labelledStart(id, "base:tiny").config).toMatchObject({ method: "dpo", model: { source: "tiny" } });
  seedRun("wrote");
  const { model } = runDetail("wrote").config;
  expect(labelledStart(id, "run:wrote").config).toMatchObject({ model, adapter: { init: "run:wrote" } });
  expect(() => labelledStart(id, "tiny")).toThrow("tiny names no model: write base:MODEL or run:ID.");
});

test.each<[object, string, Method]>([
  [{ prompt: "p" }, "prompts", "ppo"],
  [solution, "stepwise", "prm"],
  [{ text: "Once." }, "text", "sft"],
])("DA: the form opens on %j with a method that reads it", async (row, name, method) => {
  const { id } = await loadLabelled(`starts ${name}`, fileOf(row), 0);
  expect(labelledStart(id)).toMatchObject({ set: `labelled:${id}`, config: { method } });
});

test.each<[object, Method, RegExp]>([
  [
    { prompt: "p" },
    "dpo",
    /holds prompts, which DPO does not read: it learns from labelled pairs or rankings\. .*: PPO, GRPO/,
  ],
  [
    solution,
    "reward",
    /it scores answers whole, not by step, and it learns from .* solutions labelled by step: KTO, .*, SFT and Distillation$/,
  ],
  [{ text: "Once." }, "ppo", /which PPO does not read: .*Methods that read plain texts: SFT$/],
])("DA: %j and %s: what would fit is said at the field", async (row, method, sentence) => {
  const { id } = await loadLabelled(`unfit for ${method}`, fileOf(row), 0);
  expect(() => launched(id, method)).toThrow(
    expect.objectContaining({ problems: [{ path: "data.train", message: expect.stringMatching(sentence) as string }] }),
  );
});

test("DA: a prompt alone is left out among rows with answers, also where it comes first", async () => {
  const { holds, rows, bad } = await loadLabelled(
    "first a prompt",
    fileOf({ prompt: "q" }, answer, { prompt: "r" }),
    0,
  );
  expect([holds, rows, bad.map(({ line }) => line)]).toEqual(["sft", 1, [1, 3]]);
});

test("DA, U8: rows without a label, of another kind or broken are named by line, and the others come in", async () => {
  const { rows, bad } = await loadLabelled(
    "mixed",
    fileOf(pair, "", "{broken", { prompt: "q", answers: ["a", "b"] }, answer, { ...pair, rejected: "4" }, pair),
    0,
  );
  expect(rows).toBe(2);
  expect(bad.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
  expect(bad[1]!.reason).toContain("has no label");
  expect(bad[2]!.reason).toBe("is of another type (SFT rows) than the others (labelled pairs); import them separately");
  expect(bad[3]!.reason).toContain("the same as chosen");
});

test("U8: a file without a labelled row says what is wrong with the first, and an empty one that it is empty", async () => {
  await expect(loadLabelled("none", fileOf({ prompt: "q", answers: ["a", "b"] }), 0)).rejects.toThrow(
    /Line 1: .*no label/,
  );
  await expect(loadLabelled("none", fileOf(""), 0)).rejects.toThrow("The file is empty: it has no rows.");
  expect(trainingSets().some(({ name }) => name === "none")).toBe(false);
});

const answered = (score: number) => ({ response: `worth ${score}`, overall_score: score });
test.each<[string, string, unknown[], LabelKind, number]>([
  ["a .json array", "json", [pair, { ...pair, prompt: "3+3?" }], "pairs", 2],
  [
    "ShareGPT pairs, as LLaMA-Factory reads them",
    "jsonl",
    [
      {
        conversations: [{ from: "human", value: "q" }],
        chosen: { from: "gpt", value: "a" },
        rejected: { from: "gpt", value: "b" },
      },
    ],
    "pairs",
    1,
  ],
  ["UltraFeedback", "jsonl", [{ instruction: "q", completions: [4, 3, 2, 1].map(answered) }], "rankings", 6],
  ["Alpaca", "json", [{ instruction: "q", input: "", output: "a" }], "sft", 0],
  [
    "messages with a label",
    "jsonl",
    [
      {
        messages: [
          { role: "user", content: "q" },
          { role: "assistant", content: "a" },
        ],
        label: false,
      },
    ],
    "unpaired",
    0,
  ],
])(
  "U6, U7: %s: imported as labelled, and what trains is what stood in the file",
  async (what, ending, rows, holds, pairs) => {
    const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), `rows.${ending}`);
    writeFileSync(
      file,
      ending === "json" ? JSON.stringify(rows, null, 2) : rows.map((row) => JSON.stringify(row)).join("\n"),
    );
    const set = await loadLabelled(what, file, 0);
    expect(set).toMatchObject({ holds, rows: rows.length, pairs, bad: [] });
    expect(rowsIn(set.id)).toEqual(rows);
  },
);

test("DA: the same file again is the same dataset; a dataset that runs name never changes", async () => {
  const first = await loadLabelled("kept", fileOf(pair), 0);
  expect(await loadLabelled("kept", fileOf(pair), 1)).toEqual({ ...first, known: true });
  await expect(loadLabelled("kept", fileOf(good), 2)).rejects.toMatchObject({ status: 409 });
  expect(rowsIn(first.id)).toEqual([pair]);
});

test("DA: columns of any name are a prompt, a better and a worse answer; the others are kept", async () => {
  const row = { question: "q", good: "yes", bad: "no", page: 7 };
  const { id } = await loadLabelled("odd", fileOf(row), 0, {
    columns: { prompt: "question", first: "good", second: "bad" },
  });
  expect(rowsIn(id)).toEqual([{ page: 7, prompt: "q", chosen: "yes", rejected: "no" }]);
});
