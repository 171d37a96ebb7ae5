// Queues as the command line speaks of them.
import { asc } from "drizzle-orm";
import { appDb } from "../db/client";
import { queues } from "../db/schema";
import { openPairs } from "../judgements/overlap";
import { decidedItems, rewritesOf } from "../judgements/standing";
import { progress } from "../judgements/store";

export { exporters } from "../snapshots/store";

export const queueSummaries = () =>
  appDb()
    .select()
    .from(queues)
    .orderBy(asc(queues.id))
    .all()
    .map(({ id, name, overlap }) => ({
      id,
      name,
      pairs: progress(0, id).total,
      decided: decidedItems(id).length,
      rewrites: rewritesOf(id).length,
      overlap,
      open: overlap === null ? null : openPairs(id),
    }));
