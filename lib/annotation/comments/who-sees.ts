// Who sees which comments on a record. On the annotation screen, whatever one's role: one's own before the vote, everybody's after it, none where
// the record is asked a second time. Among the records of a dataset: everybody's, for who may read them.
import { and, eq } from "drizzle-orm";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { assignments } from "../../db/tables/judgements";
import { ownVotes } from "../judging/judge";

export type Seen = "none" | "own" | "all";

export function seenBeside(annotatorId: number, itemId: number): Seen {
  const votes = ownVotes(annotatorId, eq(items.id, itemId)).all();
  if (!votes.some(({ vote }) => !vote.mirror)) return "own";
  const answered = votes.some(({ vote }) => vote.mirror);
  return !answered && isAskedAgain(annotatorId, itemId) ? "none" : "all"; // what one wrote would tell how one voted
}

function isAskedAgain(annotatorId: number, itemId: number): boolean {
  const own = and(eq(assignments.itemId, itemId), eq(assignments.annotatorId, annotatorId));
  return appDb().select({ mirrored: assignments.mirrored }).from(assignments).where(own).get()?.mirrored ?? false;
}
