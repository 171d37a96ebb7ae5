// A dataset's row, which nearly every request of an annotator reads.
import { eq, sql } from "drizzle-orm";
import { prepared } from "../../db/prepared";
import { type Queue, queues } from "../../db/tables/queues";

const withId = prepared((db) =>
  db
    .select()
    .from(queues)
    .where(eq(queues.id, sql.placeholder("id")))
    .prepare(),
);

/** Also of a dataset that is deleted or archived. */
export const queueRow = (id: number): Queue | undefined => withId().get({ id });
