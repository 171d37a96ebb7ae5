// What a run trains on depends on its data and never on how it is watched.
import { expect, test } from "vitest";
import { type Method, type RunConfig, runConfig } from "../../spec/config";
import { allMethods, methodOf } from "../../spec/methods/all";
import { readTokenizer } from "../models/tokenizer";
import { prepareData } from "./prepare";

const golden = "data/golden/trajectories";
const tokenizer = readTokenizer(`${golden}/model`);

/** What a method cannot do without. */
const needed: Partial<Record<Method, object>> = {
  ppo: { ppo: { reward: { model: "x" } } },
  rloo: { rloo: { reward: { model: "x" } } },
  grpo: { grpo: { reward: { model: "x" } } },
  "reinforce-plus-plus": { reinforcePlusPlus: { reward: { model: "x" } } },
  "iterative-dpo": { iterativeDpo: { judge: { model: "x" } } },
  sppo: { sppo: { judge: { model: "x" } } },
  "nash-md": { nashMd: { judge: { model: "x" } } },
  raft: { raft: { reward: { model: "x" } } },
  distill: { distill: { teacher: "x" } },
};

const fileFor = (method: Method) => `${golden}/${method === "prm" ? "stepwise" : "pairs"}.jsonl`;

const run = (method: Method, changes: object = {}): RunConfig =>
  runConfig.parse({
    method,
    model: { source: `${golden}/model` },
    data: { train: fileFor(method), heldOut: 0.1, maxLength: 256 },
    output: "unused",
    ...needed[method],
    ...changes,
  });

const rowsOf = async (config: RunConfig) => {
  const { dataset, tokenFileRows } = await prepareData(config, tokenizer);
  return { trained: tokenFileRows, heldOut: dataset.heldOut };
};

test.each(allMethods.map(({ name }): Method => name))(
  "B11: %s trains on the same rows whatever it logs, saves, evaluates and answers",
  async (method) => {
    const answers = methodOf({ method }).produces === "reward-model" ? {} : { sampleEvery: 2, samplePrompts: 3 };
    const quiet = await rowsOf(run(method));
    expect(quiet.trained.length).toBeGreaterThan(30);
    expect(quiet.heldOut.length).toBeGreaterThan(0);
    for (const watched of [{ evalEvery: 5 }, answers, { evalEvery: 3, saveEvery: 1, logEvery: 4, ...answers }])
      expect(await rowsOf(run(method, watched))).toEqual(quiet);
    const all = { train: fileFor(method), maxLength: 256 };
    const every = await rowsOf(run(method, { data: all }));
    expect(every.heldOut).toEqual([]);
    expect(await rowsOf(run(method, { data: all, ...answers }))).toEqual(every);
  },
);

test.each([
  ["a share beside a file", { data: { train: "x", eval: "y", heldOut: 0.1 } }, "data.heldOut"],
  ["a share of ids", { data: { tokens: "x", heldOut: 0.1 } }, "data.heldOut"],
  ["more than half", { data: { train: "x", heldOut: 0.6 } }, "data.heldOut"],
])("B11: %s is refused at its field", (_, changes, path) => {
  const parsed = runConfig.safeParse({ method: "dpo", model: { source: "tiny" }, output: "o", ...changes });
  expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});

test("B11: an evaluation interval without held-out rows trains on every row, and the run says that nothing is evaluated", async () => {
  const { dataset } = await prepareData(
    run("dpo", { data: { train: `${golden}/pairs.jsonl`, maxLength: 256 }, evalEvery: 5 }),
    tokenizer,
  );
  expect(dataset.train).toHaveLength(48);
  expect(dataset.notes).toEqual([expect.stringContaining("nothing is evaluated, as no row is held out")]);
});

test("B11: a share that holds nothing of a small file trains on every row, and the run says that nothing is evaluated", async () => {
  const data = { train: `${golden}/pairs.jsonl`, heldOut: 0.0001, maxLength: 256 };
  for (const watched of [{ evalEvery: 5 }, { sampleEvery: 5 }]) {
    const { dataset } = await prepareData(run("dpo", { data, ...watched }), tokenizer);
    expect(dataset.train).toHaveLength(48);
    expect(dataset.notes).toEqual([expect.stringContaining("none of 48 rows falls into a held-out share of 0.0001")]);
  }
});
