import "server-only";
import { and, desc, eq, isNull } from "drizzle-orm";
import type { z } from "zod";
import { rowNumber } from "../../common/row-number";
import { AppError } from "../../spec/errors";
import { may } from "../../spec/roles";
import { askedNow } from "../access/asked";
import { isOpen, openDatasets } from "../access/dataset-roles";
import { seenRuns } from "../access/hidden-runs";
import { queueOf } from "../annotation/queues/require-queue";
import { liveLabelledOf } from "../datasets/labelled/labelled-sets";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { queues } from "../db/tables/queues";
import { runs } from "../db/tables/runs";
import { labelledSets } from "../db/tables/training-sets";
import { requireRun } from "../runs/require-run";
import type { Places, RecordPlace, named as sections } from "./places-schema";

const mostRuns = 1000;

/** What whoever asks may read; of who only annotates what they may annotate. */
export function allPlaces(): Places {
  const asked = askedNow();
  const reads = asked === null || may(asked.user?.role ?? null, "read", asked.user?.scopes);
  return {
    datasets: named(openDatasets("annotate", allQueues(), reads ? "read" : "annotate")),
    labelled: named(openDatasets("labelled", allLabelled(), "read")),
    runs: reads ? seenRuns(allRuns()) : [],
  };
}

const named = (rows: { id: number; name: string }[]) => rows.map(({ id, name }) => ({ id, name }));
const allQueues = () =>
  appDb()
    .select({ id: queues.id, name: queues.name, restricted: queues.restricted })
    .from(queues)
    .where(isNull(queues.deletedAt))
    .orderBy(desc(queues.id))
    .all();
const allLabelled = () =>
  appDb()
    .select({ id: labelledSets.id, name: labelledSets.name, restricted: labelledSets.restricted })
    .from(labelledSets)
    .where(isNull(labelledSets.deletedAt))
    .orderBy(desc(labelledSets.id))
    .all();
const allRuns = () =>
  appDb()
    .select({ id: runs.id, name: runs.name, status: runs.status })
    .from(runs)
    .orderBy(desc(runs.createdAt))
    .limit(mostRuns)
    .all();

/** `number` as an address has it. */
export function placeOfRecord(number: string): RecordPlace {
  const id = rowNumber(number) ?? 0;
  const found = appDb()
    .select({ id: items.id, dataset: { id: queues.id, name: queues.name } })
    .from(items)
    .innerJoin(queues, eq(queues.id, items.queueId))
    .where(and(eq(items.id, id), isNull(queues.deletedAt)))
    .get();
  if (!found || !isOpen({ kind: "annotate", id: found.dataset.id }, "read"))
    throw new AppError(404, `There is no record ${number}.`);
  return found;
}

/** What a page's address calls by number; a 404 where there is none. */
export function nameOf(section: z.infer<typeof sections>, id: string): string {
  if (section === "labelled") return liveLabelledOf(id).name;
  return section === "datasets" ? queueOf(id).name : requireRun(id).name;
}
