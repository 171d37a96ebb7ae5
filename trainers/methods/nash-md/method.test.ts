// Runs of Nash-MD: step by step beside TRL 1.12.0 (data/golden/make-nash-md.py), who judges, and that a stop between rounds changes nothing.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeWhole } from "../../../common/whole-file";
import { type RunConfig, runConfig } from "../../../spec/config";
import { judgementRequest } from "../../../spec/judging";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { mean } from "../../../spec/statistics";
import { rowsOf } from "../../../test/finished-run";
import { trained } from "../../../test/stopped-runs";
import { readAdapter } from "../../adapters/files";
import { lossAndGradients, means, type Tally, tally, type Variables } from "../../engine/gradients";
import { tf } from "../../engine/tensorflow";
import { loadModel } from "../../models/load";
import type { Answered } from "../../rewards/answered";
import { comparedByScore } from "../../rewards/win-rates";
import { createOptimizer } from "../../run/optimizer";
import { learningFrom } from "./method";

const golden = "data/golden/trajectories";
const start = `${golden}/ppo/policy_init`; // it ends answers by itself
const configOf = (nashMd: object = {}, other: object = {}): RunConfig =>
  runConfig.parse({
    method: "nash-md",
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16, init: start },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    nashMd: {
      ...{ rounds: 4, promptsPerRound: 8, maxCompletionLength: 48, temperature: 0.6 },
      judge: { rules: { length: { min: 48, max: 48 } } },
      ...nashMd,
    },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...other,
  });

interface Step {
  loss: number;
  grad_norm: number;
  "loss/kl": number;
  "rewards/probabilities": number;
  rows: { prompt: number; ids: number[]; opponent: number[]; score: number; opponent_score: number }[];
}
const { steps } = JSON.parse(readFileSync(`${golden}/nash-md.json`, "utf8")) as { steps: Step[] };

test.each([[null], [60]])("on TRL's completions it follows TRL's 24 steps (tokens at once: %s)", async (atOnce) => {
  const { model, tokenizer } = await loadModel({ source: `${golden}/model`, dtype: "float32" });
  const policy = readAdapter(start, model.config);
  const variables: Variables = new Map([...policy.weights].map(([name, value]) => [name, tf.variable(value)]));
  const trainedPolicy = { ...policy, weights: variables };
  const context = { model, policy: trainedPolicy, whole: null, microBatchTokens: atOnce ?? 1e9 };
  const { batchesOn, loss } = learningFrom(context, { model, adapter: null }, { beta: 0.1, temperature: 1 });
  const { optimizer: options } = configOf();
  const optimizer = createOptimizer(options, variables);

  for (const [at, { rows, ...wanted }] of steps.entries()) {
    const scores = rows.flatMap(({ score, opponent_score }) => [score, opponent_score]);
    const compare = comparedByScore(() => ({ scores, parts: {}, standardized: [] }));
    const candidates = rows.map(({ prompt, ids, opponent }) => {
      const query = ids.slice(0, prompt);
      const whole = [ids, opponent].map((all): Answered => ({ prompt: null, query, response: all.slice(prompt) }));
      return { given: { input_ids: [], completion_mask: [] }, answers: whole, whole };
    });
    const judged = await compare(at, candidates, new AbortController().signal);
    const learned = rows.map(({ prompt, ids }, i) => ({
      tokens: { input_ids: ids, completion_mask: ids.map((_, t) => (t < prompt ? 0 : 1)) },
      probability: judged!.compared[i]!.wins[0]![1]!,
    }));
    const winning = mean(learned.map(({ probability }) => probability));
    expect(Math.abs(winning - wanted["rewards/probabilities"])).toBeLessThan(1e-6);
    const totals: Tally = new Map();
    const batches = batchesOn(learned, tokenizer.pad);
    if (atOnce !== null) expect(batches.length).toBeGreaterThan(1);
    const gradients = batches.map(({ weight, build }) => {
      const share = tf.scalar(weight / rows.length);
      const { measured, gradients } = lossAndGradients(loss, variables)({ batch: build(), share });
      tally(totals, measured, weight);
      return gradients;
    });
    const summed = Object.fromEntries(
      [...variables.keys()].map((name) => [name, tf.addN(gradients.map((part) => part[name]!))]),
    );
    const norm = optimizer.apply(summed, options.learningRate);
    const measured = means(totals);
    const step = `step ${at + 1}`;
    const scale = Math.max(1, Math.abs(wanted.loss));
    expect(Math.abs(measured.loss! - wanted.loss) / scale, step).toBeLessThan(at === 0 ? 1e-6 : 1e-5);
    expect(Math.abs(measured["objective/kl"]! - wanted["loss/kl"]), step).toBeLessThan(1e-4);
    expect(Math.abs(norm / wanted.grad_norm - 1), step).toBeLessThan(1e-4);
  }
});

test("a run that is stopped goes on to the same bits", async () => {
  const [whole, broken] = [configOf(), configOf()];
  const straight = await trained(whole);
  expect([...straight.losses.keys()]).toEqual([1, 2, 3, 4]); // a round, a step
  const first = await trained(broken, [], 2);
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const adapterOf = ({ output }: RunConfig) => readFileSync(join(output, "adapter_model.safetensors"));
  expect(adapterOf(broken).equals(adapterOf(whole))).toBe(true);
});

const tiny = {
  ...{ model: { source: "tiny" }, adapter: { rank: 8, alpha: 16 } },
  data: { train: "data/samples/film-reviews.jsonl.gz", maxLength: 96 },
};
const oracle = { maxCompletionLength: 24, temperature: 1, judge: { gold: "film-reviews" } };

test("whole and in micro-batches a step is the same; every weight may be trained", async () => {
  const changes = { ...tiny, adapter: null, maxSteps: 1 };
  const [whole] = await rowsOf(configOf(oracle, changes));
  const [parts] = await rowsOf(configOf(oracle, { ...changes, microBatchTokens: 60 }));
  expect(Math.abs(whole!["objective/kl"]!)).toBeLessThan(1e-4); // it starts at its reference
  expect(Math.abs(whole!.loss!)).toBeGreaterThan(0.01);
  expect(parts!.loss! / whole!.loss!).toBeCloseTo(1, 4);
  expect(parts!.grad_norm! / whole!.grad_norm!).toBeCloseTo(1, 4);
});

test("on tiny, whose judge likes short answers, they get shorter and win against the reference's", {
  tags: "long",
}, async () => {
  const judge = { rules: { length: { min: 0, max: 12, weight: 4 } } };
  const short = { ...oracle, judge, rounds: 16, promptsPerRound: 24, mixtureCoef: 1, beta: 0.01 };
  const rows = await rowsOf(configOf(short, tiny));
  const meanOf = (some: MetricRow[], name: "score/length" | "rewards/probabilities" | "objective/kl") =>
    mean(some.map((row) => row[name]!));
  const [early, late] = [rows.slice(0, 5), rows.slice(-5)];
  expect(meanOf(late, "rewards/probabilities")).toBeGreaterThan(meanOf(early, "rewards/probabilities") + 0.1);
  expect(meanOf(late, "score/length")).toBeGreaterThan(meanOf(early, "score/length") + 0.1);
  expect(meanOf(late, "objective/kl")).toBeGreaterThan(0.1);
});

test("people say whose answer they prefer: where it is always the policy's, it wins each but near-duplicates, which tie", async () => {
  const config = configOf({ judge: { queue: "new" }, rounds: 1, promptsPerRound: 16, temperature: 1 });
  let pairs = 0;
  const [row] = await rowsOf(config, ({ request, answer }) => {
    const said = judgementRequest.parse(JSON.parse(readFileSync(join(config.output, request), "utf8")));
    pairs = said.pairs.length;
    writeWhole(join(config.output, answer), JSON.stringify({ queue: "Q", opinions: said.pairs.map(() => "first") }));
  });
  expect(pairs).toBeGreaterThan(2);
  expect(row!["rewards/probabilities"]).toBeCloseTo((pairs + (16 - pairs) / 2) / 16, 10);
  expect(row!["objective/scores"]).toBeUndefined();
});

test("a truncated answer is scored as it is, less the penalty", async () => {
  const scoreOf = async (missingEosPenalty: number) => {
    const options = { ...oracle, rounds: 1, promptsPerRound: 8, missingEosPenalty };
    return (await rowsOf(configOf(options, tiny)))[0]!["objective/scores"]!;
  };
  const truncated = ((await scoreOf(0)) - (await scoreOf(50))) / (50 / 16); // of the 16 answers
  expect(truncated).toBeGreaterThan(0.5);
  expect(truncated).toBeCloseTo(Math.round(truncated), 6);
});

test.each([
  [{ judge: {} }, "give a reward model"],
  [{ judge: { queue: 1, gold: "film-reviews" } }, "give a reward model"],
  [{ mixtureCoef: 1.5 }, "mixtureCoef"],
  [{ rounds: 0 }, "rounds"],
])("refuses %o", (options, reason) => {
  expect(() => configOf(options)).toThrow(reason);
});
