// A run's metrics for its page: thinned as a whole, then point by point.
import "server-only";
import { and, asc, eq, gt, max } from "drizzle-orm";
import type { z } from "zod";
import type { MetricName } from "../../spec/metrics/catalogue";
import { metricsDb } from "../db/client";
import { points } from "../db/metrics-schema";
import { chunksOf } from "../history/compact";
import { latestOf } from "../history/metric-rows";
import { curveOf } from "./compare/compared-runs";
import { drawn } from "./compare/lines";
import type { Curves, curvesInput, Point } from "./run-schema";

/** Points after `seq`, or null where that one has left the newest rows: whoever had it has missed some, or some were taken back. */
export function pointsAfter(runId: string, seq: number): Point[] | null {
  const own = eq(points.runId, runId);
  const db = metricsDb();
  const known =
    seq === 0
      ? chunksOf(db, runId) === 0
      : db
          .select({ one: points.seq })
          .from(points)
          .where(and(own, eq(points.seq, seq)))
          .get() !== undefined;
  if (!known) return null;
  return db
    .select({ seq: points.seq, step: points.step, at: points.at, values: points.values })
    .from(points)
    .where(and(own, gt(points.seq, seq)))
    .orderBy(asc(points.seq))
    .all();
}

export const newestPoint = (runId: string): number =>
  metricsDb()
    .select({ seq: max(points.seq) })
    .from(points)
    .where(eq(points.runId, runId))
    .get()!.seq ?? 0;

/** Every metric of a run for charts, and the point from which on to follow it. */
export function curvesOf(id: string, { axis, ...view }: z.infer<typeof curvesInput>): Curves {
  return metricsDb().transaction((): Curves => {
    const names = (Object.keys(latestOf(id)) as MetricName[]).filter((name) => !name.endsWith("_se"));
    const lines = names.flatMap((name) => {
      const line = drawn([curveOf(id, name, axis, { ...view, smooth: 0 })], view);
      return line ? [[name, line] as const] : [];
    });
    return { seq: newestPoint(id), lines: Object.fromEntries(lines), added: 0 };
  });
}
