// Which pair was shown to whom. A vote counts only where its pair was served to the annotator; where pairs are assigned (open-pairs.ts)
// such a row is also a lease.
import { and, eq, sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { prepared } from "../../db/prepared";
import { assignments } from "../../db/tables/judgements";
import type { TaskDto } from "./judging-schema";

type Shown = Pick<TaskDto, "id" | "mirror">;

const [itemId, annotatorId] = [sql.placeholder("itemId"), sql.placeholder("annotatorId")];

const assignment = prepared((db) =>
  db
    .select()
    .from(assignments)
    .where(and(eq(assignments.itemId, itemId), eq(assignments.annotatorId, annotatorId)))
    .prepare(),
);

/** What is known of a pair that was served to an annotator. */
export const assignmentOf = (annotatorId: number, itemId: number) => assignment().get({ itemId, annotatorId });

/** Records what is shown to an annotator, once. Where pairs are not assigned, the sides depend on the annotator's number. */
export function noteServed(annotatorId: number, tasks: Shown[]): void {
  const shown = JSON.stringify(
    tasks.flatMap(({ id, mirror }) => (wasServed(annotatorId, { id, mirror }) ? [] : [{ id, mirror }])),
  );
  if (shown === "[]") return;
  appDb().run(sql`INSERT INTO assignments (item_id, annotator_id, slot, expires_at, mirrored)
    SELECT value ->> 'id', ${annotatorId}, ${annotatorId}, 0, max(value ->> 'mirror') FROM json_each(${shown}) GROUP BY 1
    ON CONFLICT DO UPDATE SET mirrored = max(mirrored, excluded.mirrored)`);
}

export function wasServed(annotatorId: number, { id, mirror }: Shown): boolean {
  const known = assignmentOf(annotatorId, id);
  return known !== undefined && (known.mirrored || !mirror);
}
