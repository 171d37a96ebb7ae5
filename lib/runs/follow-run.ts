// News of a run for a page that follows it. Each look asks one of the two databases, in turn, whether anything of this run has changed: one
// statement, whatever is written of other runs and of labels meanwhile. What has changed is read only then.
import "server-only";
import { sql } from "drizzle-orm";
import { appDb, metricsDb } from "../db/client";
import { newestPoint, pointsAfter } from "./curves";
import { measuredDetail, runDetail } from "./run-detail";
import type { Point, RunDetail } from "./run-schema";
import { beatIn, isAlive, runnerBeat } from "./runner-alive";

export type News =
  | { event: "points"; cursor: number; data: Point[] }
  /** Points that the page has not got have left the newest rows, or some were taken back: it has to ask for the curves anew. */
  | { event: "missed"; cursor: number }
  | { event: "run"; data: RunDetail };

/** `cursor` is the `seq` of the last point that the page has. The function looks once, and tells what is new. */
export function followRun(id: string, cursor: number): () => News[] {
  const seen = { metrics: "", app: "" };
  let run = runDetail(id);
  let sent = "";
  let looks = 0;

  const newPoints = (): News[] => {
    const points = pointsAfter(id, cursor);
    const newest = points === null ? newestPoint(id) : (points.at(-1)?.seq ?? cursor);
    run = points?.length ? { ...run, ...measuredDetail(run, points) } : runDetail(id);
    cursor = newest; // last: where reading fails, the next look begins where this one did
    if (points === null) return [{ event: "missed", cursor }];
    return points.length > 0 ? [{ event: "points", cursor, data: points }] : [];
  };

  return () => {
    const database = looks++ % 2 === 0 ? "metrics" : "app";
    const state = database === "metrics" ? measuredState(id) : rowState(run, Date.now());
    if (state === seen[database]) return [];
    const news = database === "metrics" ? newPoints() : [];
    if (database === "app") run = runDetail(id);
    seen[database] = state; // as it was before all was read: what comes in between is seen next time
    const text = JSON.stringify(run);
    if (text !== sent) news.push({ event: "run", data: run });
    sent = text;
    return news;
  };
}

/** Another text after each change of what metrics.db holds of a run. */
const measuredState = (id: string): string =>
  metricsDb().get<{ state: string }>(sql`SELECT json_array(
    (SELECT seq || '@' || at FROM points WHERE run_id = ${id} ORDER BY seq DESC LIMIT 1),
    (SELECT group_concat(rule || attempt) FROM alerts WHERE run_id = ${id}),
    (SELECT group_concat(name || attempt || detail) FROM checks WHERE run_id = ${id})) AS state`)!.state;

/** Another text after each change of a run's row, its checkpoints and the runs that it is related to, and when the runner comes or goes. */
function rowState({ id, lineage, waitsFor }: RunDetail, now: number): string {
  const { parent, uses, usedBy } = lineage;
  const related = [...(parent ? [parent] : []), ...uses, ...usedBy, ...waitsFor].map((run) => run.id);
  const { state, beat } = appDb().get<{ state: string; beat: string | null }>(sql`SELECT json_array(
      name, tags, remark, archived_at, status, requested, total_steps, note, error, started_at, finished_at, (SELECT count(*) FROM runs),
      (SELECT group_concat(step || '/' || attempt) FROM checkpoints WHERE run_id = run.id),
      (SELECT group_concat(other.status) FROM json_each(${JSON.stringify(related)}) AS wanted JOIN runs AS other ON other.id = wanted.value)
    ) AS state, (SELECT value FROM settings WHERE name = ${runnerBeat}) AS beat
    FROM runs AS run WHERE id = ${id}`)!;
  return `${state} ${isAlive(beat === null ? null : beatIn(beat), now)}`;
}
