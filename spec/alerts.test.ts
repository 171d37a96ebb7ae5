// Every rule against faults put into simulated runs, and against clean ones. Noise is drawn by seed.
import { expect, test } from "vitest";
import { createRandom } from "../common/random";
import { createWatch, type RuleName, rules } from "./alerts";
import type { MetricRow } from "./metrics/catalogue";

const updates = 200;
/** Steps between evaluations. */
const evaluated = 10;

/** A healthy run: reward and gold rise, KL grows to five nats, the rest stays with noise. */
function healthy(seed: number): MetricRow[] {
  const random = createRandom("alerts", seed);
  const noise = () => 2 * random() - 1;
  return Array.from({ length: updates }, (_, step): MetricRow => {
    const progress = step / updates;
    const trained: Partial<MetricRow> = {
      loss: 0.6 + 0.1 * noise(),
      grad_norm: 1 + 0.5 * noise(),
      seconds: 2 + 0.5 * noise(),
      "policy/approxkl_avg": 0.01 + 0.005 * noise(),
      "policy/clipfrac_avg": 0.1 + 0.05 * noise(),
      "policy/entropy_avg": 1 - 0.3 * progress + 0.05 * noise(),
      "objective/kl": 5 * progress + 0.3 * noise(),
      reward_std: 1 - 0.4 * progress + 0.1 * noise(),
      "objective/repeated": 0.02 + 0.02 * noise(),
      "val/explained_variance": 0.1 + 0.5 * progress + 0.1 * noise(),
    };
    const evaluatedRow: Partial<MetricRow> = {
      "on_policy/kl": 5 * progress + 0.2 * Math.abs(noise()),
      "on_policy/length": 30 + 4 * progress + noise(),
      "on_policy/reward": 2 * progress + 0.1 * noise(),
      "on_policy/reward_se": 0.1,
      "on_policy/gold": 1.5 * progress + 0.1 * noise(),
      "on_policy/gold_se": 0.1,
      "on_policy/entropy": 1 - 0.2 * progress + 0.05 * noise(),
      "on_policy/repetition": 0.05 + 0.02 * noise(),
      "on_policy/distinct_2": 0.3 + 0.03 * noise(),
      "on_policy/ended": 0.95 + 0.04 * noise(),
      eval_loss: 0.6 - 0.2 * progress + 0.03 * noise(),
      eval_loss_se: 0.04,
    };
    return { step, ...trained, ...(step % evaluated === 0 && evaluatedRow) };
  });
}

/** What each fault does to a row, `age` updates after it began. */
const faults: Record<RuleName, (row: MetricRow, age: number) => Partial<MetricRow>> = {
  drift: (row) => ({ "on_policy/kl": (row["on_policy/length"] ?? 0) * 0.8 }),
  update: () => ({ "policy/approxkl_avg": 0.3 }),
  clipped: () => ({ "policy/clipfrac_avg": 0.7 }),
  "negative-kl": (_, age) => ({ "objective/kl": -2 - 0.01 * age }),
  entropy: () => ({ "policy/entropy_avg": 0.05, "on_policy/entropy": 0.05 }),
  "proxy-gap": (row) => ({ "on_policy/reward": (row["on_policy/reward"] ?? 0) + 1, "on_policy/gold": -0.5 }),
  longer: () => ({ "on_policy/length": 60 }),
  shorter: () => ({ "on_policy/length": 8 }),
  repeats: () => ({ "on_policy/repetition": 0.6 }),
  endless: () => ({ "on_policy/ended": 0.1 }),
  alike: () => ({ reward_std: 0.005 }),
  same: () => ({ "objective/repeated": 0.6 }),
  critic: () => ({ "val/explained_variance": -3 }),
  overfit: (_, age) => ({ eval_loss: 0.7 + 0.02 * age }),
  gradient: (_, age) => (age < 1 ? { grad_norm: 40 } : {}),
  slow: () => ({ seconds: 30 }),
};

function alertsOf(rows: MetricRow[]) {
  const watch = createWatch();
  return rows.flatMap((row) => watch(row));
}

/** The fault from `start` on, in what the row has measured. */
const broken = (rows: MetricRow[], rule: RuleName, start: number) =>
  rows.map((row): MetricRow => {
    if (row.step < start) return row;
    const change = Object.entries(faults[rule](row, row.step - start)).filter(([name]) => name in row);
    return { ...row, ...Object.fromEntries(change) };
  });

test.each(Object.keys(rules) as RuleName[])("%s: caught within 20 updates in 19 of 20 runs, and not before", (rule) => {
  const caught = Array.from({ length: 20 }, (_, seed) => {
    const start = 100 + ((seed * 7) % 60);
    const found = alertsOf(broken(healthy(seed), rule, start)).find((alert) => alert.rule === rule);
    if (found) expect(found.step).toBeGreaterThanOrEqual(start);
    return found !== undefined && found.step - start <= 20;
  });
  expect(caught.filter(Boolean).length).toBeGreaterThanOrEqual(19);
});

test("20 clean runs: at most one alert in all", () => {
  const alerts = Array.from({ length: 20 }, (_, seed) => alertsOf(healthy(1000 + seed))).flat();
  expect(alerts.length, JSON.stringify(alerts)).toBeLessThanOrEqual(1);
});

test("a rule is raised once, with what was measured, and a run without a metric is not judged by it", () => {
  const [alert, ...rest] = alertsOf(broken(healthy(1), "longer", 100));
  expect(alert).toMatchObject({
    rule: "longer",
    step: 100,
    measured: expect.stringMatching(/^60\.0 tokens, at first \d/),
  });
  expect(rest).toEqual([]);
  expect(
    alertsOf([
      { step: 0, loss: 1 },
      { step: 1, loss: 2 },
    ]),
  ).toEqual([]);
});
