// Who did what lately: annotations by person, dataset and day; ends of runs; alerts.
import "server-only";
import { and, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { rules } from "../../spec/alerts";
import { openDatasets } from "../access/dataset-roles";
import { seenRuns } from "../access/hidden-runs";
import { appDb, metricsDb } from "../db/client";
import { alerts } from "../db/metrics-schema";
import { annotators } from "../db/tables/annotators";
import { items } from "../db/tables/items";
import { judgements } from "../db/tables/judgements";
import { queues } from "../db/tables/queues";
import { runs } from "../db/tables/runs";
import { isPerson } from "../people/importer";

export interface Activity {
  at: number;
  kind: "annotations" | "run" | "alert";
  /** Who, or which run. */
  who: string;
  did: string;
  /** What it was done to, and where that is. */
  what: string;
  href: string;
}

/** Newest votes that are counted up. */
const votesRead = 2000;

/** Newest first. */
export const activities = (most: number): Activity[] =>
  [...annotated(), ...endedRuns(most), ...newestAlerts(most)].sort((a, b) => b.at - a.at).slice(0, most);

function annotated(): Activity[] {
  const newest = appDb()
    .select({ annotatorId: judgements.annotatorId, itemId: judgements.itemId, createdAt: judgements.createdAt })
    .from(judgements)
    .where(and(eq(judgements.kind, "vote"), isPerson(judgements.annotatorId)))
    .orderBy(desc(judgements.seq))
    .limit(votesRead)
    .as("newest");
  const day = sql`date(${newest.createdAt} / 1000, 'unixepoch', 'localtime')`;
  const rows = appDb()
    .select({
      who: annotators.name,
      what: queues.name,
      id: queues.id,
      restricted: queues.restricted,
      count: sql<number>`count(*)`,
      at: sql<number>`max(${newest.createdAt})`,
    })
    .from(newest)
    .innerJoin(items, eq(items.id, newest.itemId))
    .innerJoin(queues, eq(queues.id, items.queueId))
    .innerJoin(annotators, eq(annotators.id, newest.annotatorId))
    .where(and(eq(items.place, 0), isNull(queues.deletedAt)))
    .groupBy(newest.annotatorId, queues.id, day)
    .all();
  return openDatasets("annotate", rows, "read").map(({ who, what, id, count, at }) => ({
    ...{ at, kind: "annotations", who, what, href: `/datasets/${id}` },
    did: `annotated ${count === 1 ? "1 record" : `${count} records`} of`,
  }));
}

const endedRuns = (most: number): Activity[] =>
  seenRuns(
    appDb()
      .select({ id: runs.id, name: runs.name, status: runs.status, at: runs.finishedAt })
      .from(runs)
      .where(isNotNull(runs.finishedAt))
      .orderBy(desc(runs.finishedAt))
      .limit(most)
      .all(),
  ).map(({ id, name, status, at }) => ({
    ...{ at: at!, kind: "run", who: "Run", did: `${status}:`, what: name, href: `/runs/${id}` },
  }));

/** The alerts that were raised last, of runs that are there. */
export function newestAlerts(most: number): Activity[] {
  const newest = metricsDb()
    .select({ runId: alerts.runId, rule: alerts.rule, step: alerts.step, at: alerts.at })
    .from(alerts)
    .orderBy(desc(alerts.at))
    .limit(most)
    .all();
  const names = namesOf(newest.map(({ runId }) => runId));
  return newest.flatMap(({ runId, rule, step, at }) => {
    const name = names.get(runId);
    if (name === undefined) return [];
    return [
      { at, kind: "alert", who: rules[rule].title, did: `at step ${step} of`, what: name, href: `/runs/${runId}` },
    ];
  });
}

const namesOf = (ids: string[]): Map<string, string> =>
  new Map(
    seenRuns(appDb().select({ id: runs.id, name: runs.name }).from(runs).where(inArray(runs.id, ids)).all()).map(
      ({ id, name }) => [id, name],
    ),
  );
