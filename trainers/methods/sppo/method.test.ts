// Runs of SPPO: who judges, where a round starts, and that a stop between rounds changes nothing.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeWhole } from "../../../common/whole-file";
import { type RunConfig, runConfig } from "../../../spec/config";
import { judgementRequest } from "../../../spec/judging";
import { fewReviews } from "../../../test/few-reviews";
import { rowsOf } from "../../../test/finished-run";
import { trained } from "../../../test/stopped-runs";
import type { Answered } from "../../rewards/answered";
import { comparedByScore, rated } from "../../rewards/win-rates";

const golden = "data/golden/trajectories";
const configOf = (sppo: object = {}, other: object = {}): RunConfig =>
  runConfig.parse({
    method: "sppo",
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16, init: `${golden}/ppo/policy_init` }, // it ends answers by itself
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    batchSize: 16,
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    sppo: {
      ...{ rounds: 3, promptsPerRound: 8, numGenerations: 4, maxCompletionLength: 48, temperature: 0.6 },
      judge: { rules: { length: { min: 48, max: 48 } } },
      ...sppo,
    },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...other,
  });

test("a run that is stopped goes on to the same bits", async () => {
  const [whole, broken] = [configOf(), configOf()];
  const straight = await trained(whole);
  expect([...straight.losses.keys()]).toEqual([2, 4, 6]); // 32 answers a round, a line each
  const first = await trained(broken, [], 2);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const adapterOf = ({ output }: RunConfig) => readFileSync(join(output, "adapter_model.safetensors"));
  expect(adapterOf(broken).equals(adapterOf(whole))).toBe(true);
});

test("whole and in micro-batches a step is the same; every weight may be trained", async () => {
  const tiny = {
    ...{ model: { source: "tiny" }, adapter: null, maxSteps: 1 },
    data: { train: fewReviews(), maxLength: 96 },
  };
  const sppo = { promptsPerRound: 4, maxCompletionLength: 24, temperature: 1, judge: { gold: "film-reviews" } };
  const [whole] = await rowsOf(configOf(sppo, tiny));
  const [parts] = await rowsOf(configOf(sppo, { ...tiny, microBatchTokens: 60 }));
  expect(whole!.loss).toBeGreaterThan(0.1);
  expect(parts!.loss! / whole!.loss!).toBeCloseTo(1, 4);
  expect(parts!.grad_norm! / whole!.grad_norm!).toBeCloseTo(1, 4);
});

test("by a reward an answer wins with Bradley and Terry's probability, and ties with itself", async () => {
  const answers = [0, Math.log(3)].map((score): Answered & { score: number } => ({
    ...{ score, prompt: null, query: [], response: [1] },
  }));
  const reward = () => ({ scores: answers.map(({ score }) => score), parts: {}, standardized: [] });
  const given = { input_ids: [], completion_mask: [] };
  const judged = await comparedByScore(reward)(0, [{ given, answers, whole: answers }], new AbortController().signal);
  const rates = rated(judged!.compared[0]!).map(({ winRate }) => winRate);
  expect(rates).toEqual([expect.closeTo((0.5 + 0.25) / 2, 12), expect.closeTo((0.5 + 0.75) / 2, 12)]);
});

test("an answer that every part of the reward abstains from is not compared", async () => {
  const answers = [1, 2, 3].map((id): Answered => ({ prompt: null, query: [], response: [id] }));
  const reward = () => ({ scores: [-1, 0, -1], parts: { answer: [-1, null, -1] }, standardized: [] });
  const given = { input_ids: [], completion_mask: [] };
  const judged = await comparedByScore(reward)(0, [{ given, answers, whole: answers }], new AbortController().signal);
  expect(judged!.compared.map(rated)).toEqual([[answers[0], answers[2]].map((answer) => ({ answer, winRate: 0.5 }))]);
  expect(judged!.stats["objective/scores"]).toBe(-1);
});

test("people compare every pair of a prompt's answers, and a round starts at the mean square of (win rate − ½) / β", async () => {
  // of two answers, one always preferred, the win rates are ¾ and ¼: squares of 0.5 where β is 0.5
  const config = configOf({ judge: { queue: "new" }, rounds: 1, promptsPerRound: 8, numGenerations: 2, beta: 0.5 });
  const pairs: number[] = [];
  const judged = (config: RunConfig) =>
    rowsOf(config, ({ request, answer }) => {
      const said = judgementRequest.parse(JSON.parse(readFileSync(join(config.output, request), "utf8")));
      pairs.push(said.pairs.length);
      writeWhole(join(config.output, answer), JSON.stringify({ queue: "Q", opinions: said.pairs.map(() => "first") }));
    });
  const [row] = await judged(config);
  expect(row!["objective/win_rate_range"]).toBeLessThanOrEqual(0.5);
  expect(row!.loss).toBeCloseTo(row!["objective/win_rate_range"]! / 2, 5); // near-duplicates tie, at 0
  await judged(configOf({ judge: { queue: "new" }, rounds: 1, promptsPerRound: 8, numGenerations: 4 }));
  expect(pairs[0]).toBeGreaterThan(2);
  expect(pairs[1]).toBeGreaterThan(2 * pairs[0]!); // up to 6 a prompt, not 1
});

test("on tiny it raises the oracle reward", async () => {
  const config = configOf(
    {
      ...{ rounds: 3, epochs: 2, promptsPerRound: 32, numGenerations: 4, maxCompletionLength: 24, temperature: 1 },
      judge: { gold: "film-reviews" },
    },
    {
      ...{ model: { source: "tiny" }, adapter: { rank: 8, alpha: 16 }, batchSize: 24 },
      data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 96 },
      optimizer: { learningRate: 3e-3, schedule: "constant" },
    },
  );
  const scores = (await rowsOf(config)).map((row) => row["objective/scores"]!);
  expect(scores).toHaveLength(3);
  expect(scores.at(-1)! - scores[0]!).toBeGreaterThan(0.15);
});

test.each([
  [{ judge: {} }, "give a reward model"],
  [{ judge: { queue: 1, gold: "film-reviews" } }, "give a reward model"],
  [{ numGenerations: 1 }, "numGenerations"],
])("refuses %o", (options, reason) => {
  expect(() => configOf(options)).toThrow(reason);
});
