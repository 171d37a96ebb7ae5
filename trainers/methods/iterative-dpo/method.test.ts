// Rounds of sampling, judging and DPO: what is paired, and that a stop between rounds changes nothing.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeWhole } from "../../../common/whole-file";
import { type RunConfig, runConfig } from "../../../spec/config";
import { judgementFiles, judgementRequest } from "../../../spec/judging";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { fewReviews } from "../../../test/few-reviews";
import { tracedRun as trained } from "../../../test/traced-run";
import { silent } from "../../run/observer";
import type { Resume } from "../../run/restore";
import { run } from "../../run/train";

const golden = "data/golden/trajectories";

function config(iterativeDpo: object, other: object = {}): RunConfig {
  return runConfig.parse({
    method: "iterative-dpo",
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16, init: `${golden}/ppo/policy_init` }, // it ends answers by itself
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    batchSize: 4,
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    iterativeDpo: {
      rounds: 3,
      promptsPerRound: 8,
      samples: 6,
      maxCompletionLength: 48,
      temperature: 0.6,
      judge: { model: `${golden}/reward_init` },
      ...iterativeDpo,
    },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...other,
  });
}

test.each(["initial", "previous-round"])(
  "stopped between rounds and resumed, it ends with the same bits: reference %s",
  async (reference) => {
    const straight = config({ reference });
    const whole = await trained(straight);
    expect(whole.rows.map(({ step, round }) => [step, round])).toEqual([
      [2, 1],
      [4, 2],
      [6, 3],
    ]);
    const halted = config({ reference });
    const first = await trained(halted, [], 2);
    const second = await trained(halted, first.saved);
    expect([...first.rows, ...second.rows].map(({ loss }) => loss)).toEqual(whole.rows.map(({ loss }) => loss));
    const adapter = (run_: RunConfig) => readFileSync(join(run_.output, "adapter_model.safetensors"));
    expect(adapter(halted).equals(adapter(straight))).toBe(true);
  },
);

test("a round starts at its reference where that moves, and leaves it where it stays", async () => {
  const one = { promptsPerRound: 4, rounds: 2 }; // one step a round: its loss is that of the round's start
  const [moving, staying] = [
    await trained(config({ ...one, reference: "previous-round" })),
    await trained(config({ ...one, reference: "initial" })),
  ];
  for (const { loss } of moving.rows) expect(loss).toBeCloseTo(Math.log(2), 5);
  expect(staying.rows[0]!.loss).toBeCloseTo(Math.log(2), 5);
  expect(Math.abs(staying.rows[1]!.loss! - Math.log(2))).toBeGreaterThan(1e-4);
  expect(moving.rows[0]!["objective/score_gap"]).toBeGreaterThan(0);
  expect(moving.rows[0]!["objective/pairs"]).toBeLessThanOrEqual(4);
});

test("with a start from the base's own matrices, too, a round starts at its reference", async () => {
  const tiny = {
    model: { source: "tiny" },
    adapter: { rank: 2, start: "pissa" },
    data: { train: fewReviews(), maxLength: 128 },
  };
  const rounds = { rounds: 3, promptsPerRound: 4, samples: 4, reference: "previous-round", temperature: 1 };
  const { rows } = await trained(config({ ...rounds, judge: { gold: "film-reviews" } }, tiny));
  expect(rows).toHaveLength(3);
  for (const { loss } of rows) expect(loss).toBeCloseTo(Math.log(2), 5);
});

test("the data's own answers over the policy's (SPIN): every whole answer makes a pair, and a round starts at log 2", async () => {
  const spin = { chosen: "data", samples: 2, judge: {}, reference: "previous-round", promptsPerRound: 4, rounds: 2 };
  const { rows } = await trained(config(spin));
  for (const row of rows) {
    expect(row.loss).toBeCloseTo(Math.log(2), 5);
    expect(row["objective/pairs"]).toBeGreaterThan(0);
    expect(row["objective/pairs"]).toBeLessThanOrEqual(8);
    expect(row["objective/scores"]).toBeUndefined(); // nobody judges
  }
});

test("people as judges: the pairs of a round wait for them, a stop meanwhile loses nothing, and their choice is learnt from", async () => {
  const asked = config({ judge: { queue: "new" }, samples: 2, rounds: 2, promptsPerRound: 8 });
  const waiting: { request: string; answer: string }[] = [];
  const saved: Resume[] = [];
  const rows: MetricRow[] = [];
  const observer = {
    ...silent,
    waiting: (files: { request: string; answer: string }) => void waiting.push(files),
    metrics: (row: MetricRow) => void rows.push(row),
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  const pairsOf = (request: string) =>
    judgementRequest.parse(JSON.parse(readFileSync(join(asked.output, request), "utf8"))).pairs;

  const stop = new AbortController();
  const early = run(asked, { observer, signal: stop.signal });
  await expect.poll(() => waiting, { timeout: 30_000 }).toHaveLength(1);
  stop.abort();
  expect(await early).toBe(false);
  const before = pairsOf(waiting[0]!.request);
  expect(before.length).toBeGreaterThan(2);

  const person = setInterval(() => {
    for (const { request, answer } of waiting.splice(0)) {
      const opinions = pairsOf(request).map(({ answers: [a, b] }) => (a.length > b.length ? "first" : "second")); // who likes long answers
      writeWhole(join(asked.output, answer), JSON.stringify({ queue: "Q", opinions }));
    }
  }, 50);
  waiting.length = 0;
  const finished = await run(asked, { observer, signal: new AbortController().signal, resume: saved, attempt: 2 });
  clearInterval(person);
  expect(finished).toBe(true);
  expect(pairsOf(judgementFiles(1).request)).toEqual(before); // the same pairs, so that opinions given before the stop count
  expect(rows.map(({ round }) => round)).toEqual([1, 2]);
  expect(rows[0]!["objective/pairs"]).toBe(before.length);
});

test.each([
  [{ judge: {} }, "give a reward model"],
  [{ judge: { queue: 1 }, samples: 3 }, "people compare two answers"],
  [{ judge: { queue: 1, gold: "film-reviews" }, samples: 2 }, "or else a queue of human judges"],
  [{ judge: { gold: "film-reviews" }, chosen: "data" }, "leave the judge empty"],
  [{ samples: 1 }, "a pair needs two answers"],
])("refuses %o", (options, reason) => {
  expect(() => config(options)).toThrow(reason);
});
