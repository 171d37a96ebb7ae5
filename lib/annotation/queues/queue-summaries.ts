// Queues as the command line speaks of them.
import { asc, isNull } from "drizzle-orm";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { tallyOf } from "../judging/tally";
import { openPairs } from "../judging/tally-state";

export const queueSummaries = () =>
  appDb()
    .select()
    .from(queues)
    .where(isNull(queues.deletedAt))
    .orderBy(asc(queues.id))
    .all()
    .map(({ id, name, overlap }) => {
      const tally = tallyOf(id);
      const { decided, rewrites } = tally;
      const open = overlap === null ? null : openPairs(tally, overlap);
      return { id, name, pairs: openPairs(tally), decided, rewrites, overlap, open };
    });

/** By its name or its number. */
export function summaryOf(given: string): ReturnType<typeof queueSummaries>[number] {
  const queue = queueSummaries().find(({ id, name }) => name === given || String(id) === given);
  if (!queue) throw new Error(`there is no queue ${given}; \`workbench queue\` lists them`);
  return queue;
}
