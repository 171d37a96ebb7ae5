// The queue and the pairs that a request names, or a 404.
import "server-only";
import { and, eq, isNull, sql } from "drizzle-orm";
import { rowNumber } from "../../../common/row-number";
import { AppError } from "../../../spec/errors";
import { isOpen, noDataset } from "../../access/dataset-roles";
import { appDb } from "../../db/client";
import { type Queue, queues } from "../../db/tables/queues";

/** The queue with the id of an address, or a 404. */
export function queueOf(id: string): Queue {
  const number = rowNumber(id);
  const queue =
    number &&
    appDb()
      .select()
      .from(queues)
      .where(and(eq(queues.id, number), isNull(queues.deletedAt)))
      .get();
  if (!queue || !isOpen({ kind: "annotate", id: queue.id })) throw noDataset({ kind: "annotate", id });
  return queue;
}

/** The same for a route's parameters. */
export const queueIn = async (params: Promise<{ id: string }>): Promise<number> => queueOf((await params).id).id;

/** Throws where any of the pairs is not in the queue. */
export function requirePairs(queueId: number, itemIds: number[]): void {
  const missing = appDb().get<{ id: number } | undefined>(sql`
    SELECT value AS id FROM json_each(${JSON.stringify(itemIds)})
    WHERE NOT EXISTS (SELECT 1 FROM items WHERE id = value AND queue_id = ${queueId}) LIMIT 1`);
  if (missing) throw new AppError(404, `Dataset ${queueId} has no record ${missing.id}.`);
}
