import "server-only";
import { and, desc, eq, isNull } from "drizzle-orm";
import type { z } from "zod";
import { AppError } from "../../spec/errors";
import { queueOf } from "../annotation/queues/require-queue";
import { liveLabelledOf } from "../datasets/labelled/labelled-sets";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { queues } from "../db/tables/queues";
import { runs } from "../db/tables/runs";
import { labelledSets } from "../db/tables/training-sets";
import { requireRun } from "../runs/require-run";
import type { named, Places, RecordPlace } from "./places-schema";

const mostRuns = 1000;

export const allPlaces = (): Places => ({
  datasets: appDb()
    .select({ id: queues.id, name: queues.name })
    .from(queues)
    .where(isNull(queues.deletedAt))
    .orderBy(desc(queues.id))
    .all(),
  labelled: appDb()
    .select({ id: labelledSets.id, name: labelledSets.name })
    .from(labelledSets)
    .where(isNull(labelledSets.deletedAt))
    .orderBy(desc(labelledSets.id))
    .all(),
  runs: appDb()
    .select({ id: runs.id, name: runs.name, status: runs.status })
    .from(runs)
    .orderBy(desc(runs.createdAt))
    .limit(mostRuns)
    .all(),
});

/** `number` as an address has it. */
export function placeOfRecord(number: string): RecordPlace {
  const id = /^[1-9]\d{0,14}$/.test(number) ? Number(number) : 0;
  const found = appDb()
    .select({ id: items.id, dataset: { id: queues.id, name: queues.name } })
    .from(items)
    .innerJoin(queues, eq(queues.id, items.queueId))
    .where(and(eq(items.id, id), isNull(queues.deletedAt)))
    .get();
  if (!found) throw new AppError(404, `There is no record ${number}.`);
  return found;
}

/** What a page's address calls by number; a 404 where there is none. */
export function nameOf(section: z.infer<typeof named>, id: string): string {
  if (section === "labelled") return liveLabelledOf(id).name;
  return section === "datasets" ? queueOf(id).name : requireRun(id).name;
}
