// Which pair was shown to whom. A vote counts only where its pair was served to the annotator; where pairs are assigned (open-pairs.ts)
// such a row is also a lease.
import { and, eq, inArray, sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { assignments } from "../../db/tables/judgements";
import type { TaskDto } from "./judging-schema";

type Shown = Pick<TaskDto, "id" | "mirror">;

/** Records what is shown to an annotator, once. Where pairs are not assigned, the sides depend on the annotator's number. */
export function noteServed(annotatorId: number, tasks: Shown[]): void {
  const ids = tasks.map(({ id }) => id);
  const known = appDb()
    .select({ itemId: assignments.itemId, mirrored: assignments.mirrored })
    .from(assignments)
    .where(and(eq(assignments.annotatorId, annotatorId), inArray(assignments.itemId, ids)))
    .all();
  const mirrored = new Map(known.map((row) => [row.itemId, row.mirrored]));
  const fresh = tasks.filter(({ id, mirror }) => (mirror ? !mirrored.get(id) : !mirrored.has(id)));
  if (fresh.length === 0) return;
  appDb()
    .insert(assignments)
    .values(
      fresh.map(({ id, mirror }) => ({ itemId: id, annotatorId, slot: annotatorId, expiresAt: 0, mirrored: mirror })),
    )
    .onConflictDoUpdate({
      target: [assignments.itemId, assignments.annotatorId],
      set: { mirrored: sql`max(mirrored, excluded.mirrored)` },
    })
    .run();
}

export function wasServed(annotatorId: number, { id, mirror }: Shown): boolean {
  const own = and(eq(assignments.itemId, id), eq(assignments.annotatorId, annotatorId));
  const row = appDb().select({ mirrored: assignments.mirrored }).from(assignments).where(own).get();
  return row !== undefined && (row.mirrored || !mirror);
}
