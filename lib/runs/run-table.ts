// Every run as a line of a table, newest first.
import "server-only";
import { sql } from "drizzle-orm";
import type { TrainData } from "../../spec/fields/data-sources";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { dataName } from "./data-source";
import { keyMetric } from "./key-metric";
import { listRuns } from "./list-runs";
import type { RunRow } from "./run-schema";

export function runTable(): RunRow[] {
  const train = sql<string | null>`${runs.config} -> '$.data.train'`; // as JSON: it may be a list
  const origins = new Map(
    appDb()
      .select({ id: runs.id, sweep: runs.sweep, train })
      .from(runs)
      .all()
      .map(({ id, ...own }) => [id, own]),
  );
  const names = new Map<string | null, string>();
  return listRuns().map(({ latest, error: _, inputsChanged: __, note: ___, ...run }) => {
    const { sweep = null, train = null } = origins.get(run.id) ?? {};
    if (!names.has(train)) names.set(train, dataName(JSON.parse(train ?? "null") as TrainData | null) ?? "");
    const data = names.get(train)!;
    return { ...run, data, sweep, key: keyMetric(run.method, latest), kl: latest["on_policy/kl"] ?? null };
  });
}
