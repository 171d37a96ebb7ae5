// Metrics that earlier versions logged under names of their own have TRL's since: what is in the database and what comes from files.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { expect, test } from "vitest";
import { trainerEvent } from "../../spec/events";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { migrationsUpTo } from "../../test/database";
import { metricsDb } from "../db/client";
import { putHistory } from "../history/compact";
import { latestOf, rowsOf } from "../history/metric-rows";
import { linesInput } from "../runs/compare/compare-schema";
import { migrateDatabases } from "./migrate";

const former = {
  "objective/length": 1,
  "objective/cut": 0.5,
  "objective/score_spread": 2,
  "objective/flat_groups": 0.25,
};
const current = {
  "completions/mean_length": 1,
  "completions/clipped_ratio": 0.5,
  reward_std: 2,
  frac_reward_zero_std: 0.25,
};

test("rows of a database keep their values under the names of today, in chunks and beside them", () => {
  process.env.WORKBENCH_DATA = mkdtempSync(join(tmpdir(), "workbench-db-"));
  migrate(metricsDb(), { migrationsFolder: migrationsUpTo("0007_events", "metrics") });
  const rows = (values: object) =>
    Array.from({ length: 100 }, (_, step) => ({ step, loss: step, ...values }) as MetricRow);
  metricsDb().transaction((tx) => {
    for (const write of putHistory("old", rows(former), 0)) write(tx);
  });
  expect(latestOf("old")).not.toHaveProperty("reward_std");
  migrateDatabases();
  expect([...rowsOf("old")]).toEqual(rows(current));
  expect(latestOf("old")).toEqual({ loss: 99, ...current });
});

test("event lines and links that name them are read", () => {
  expect(trainerEvent.parse({ event: "metrics", step: 3, values: { loss: 1, ...former } })).toMatchObject({
    values: { loss: 1, ...current },
  });
  const { metric } = linesInput.parse({ metric: "objective/length", axis: "step", groups: "a" });
  expect(metric).toBe("completions/mean_length");
});
