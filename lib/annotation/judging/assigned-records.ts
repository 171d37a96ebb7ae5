// Who was given which records of a dataset: read once for each change of it, as every request for tasks asks.
import { eq, sql } from "drizzle-orm";
import { appDb, type Db } from "../../db/client";
import { prepared } from "../../db/prepared";
import { assignedWork } from "../../db/tables/assigned-work";
import type { Queue } from "../../db/tables/queues";

interface Given {
  records: ReadonlySet<number>;
  due: string | null;
}

export interface QueueWork {
  /** By annotator. */
  people: ReadonlyMap<number, Given>;
  /** By record the annotators who have it. */
  holders: ReadonlyMap<number, number[]>;
}

/** No number is given twice, so that what is there is told by the last one and how many there are. */
const stateOf = prepared((db) =>
  db
    .select({ state: sql<string>`coalesce(max(${assignedWork.id}), 0) || '/' || count(*)` })
    .from(assignedWork)
    .where(eq(assignedWork.queueId, sql.placeholder("queueId")))
    .prepare(),
);

const known = new WeakMap<Db, Map<number, { state: string; work: QueueWork }>>();

export function workIn(queueId: number): QueueWork {
  const { state } = stateOf().get({ queueId })!;
  const here = known.get(appDb()) ?? new Map<number, { state: string; work: QueueWork }>();
  known.set(appDb(), here);
  const before = here.get(queueId);
  if (before?.state === state) return before.work;
  const work = readWork(queueId);
  here.set(queueId, { state, work });
  return work;
}

function readWork(queueId: number): QueueWork {
  const rows = appDb().select().from(assignedWork).where(eq(assignedWork.queueId, queueId)).all();
  const holders = new Map<number, number[]>();
  for (const { annotatorId, records } of rows)
    for (const id of records) holders.set(id, [...(holders.get(id) ?? []), annotatorId]);
  const people = rows.map(
    ({ annotatorId, records, due }) => [annotatorId, { records: new Set(records), due }] as const,
  );
  return { people: new Map(people), holders };
}

const none: ReadonlySet<number> = new Set();

/** The only records that an annotator is served; null where it may be any. */
export function onlyRecords(annotatorId: number, { id, assignedOnly }: Queue): ReadonlySet<number> | null {
  return workIn(id).people.get(annotatorId)?.records ?? (assignedOnly ? none : null);
}
