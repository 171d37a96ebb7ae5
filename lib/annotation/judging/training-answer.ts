// The correct answer of a practice record, for annotators who have already voted on it and for nobody else.
import { and, asc, eq, isNotNull } from "drizzle-orm";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { translatedError } from "../../messages/translated-error";
import { goodOrBad } from "../items/single-answers";
import { ownVotes } from "./judge";
import type { LessonDto } from "./judging-schema";
import { answersOf, judgedWith } from "./rankings";
import { orderFor } from "./tasks";

/** Throws where the pair is not part of the annotator's qualification round, or has no active vote of theirs. */
export function lessonOf(annotatorId: number, queueId: number, itemId: number): LessonDto {
  const training = appDb().select().from(queues).where(eq(queues.id, queueId)).get()?.training ?? 0;
  const taught = ownVotes(annotatorId, and(eq(items.queueId, queueId), isNotNull(items.gold)))
    .orderBy(asc(judgements.seq))
    .limit(training)
    .all();
  const item = taught.find(({ item }) => item.id === itemId)?.item;
  if (!item?.gold) throw translatedError(404, "error.noFeedback", { id: itemId });
  const order = orderFor(annotatorId, item, answersOf(judgedWith(item)).length, false);
  return {
    right: (order.length === 1 && goodOrBad(item.gold.verdict)) || sideOf(item.gold.verdict, order),
    because: item.gold.because,
  };
}

function sideOf(verdict: "first" | "second" | "tie" | "both_bad", order: number[]): LessonDto["right"] {
  if (verdict === "tie" || verdict === "both_bad") return verdict;
  return (verdict === "first") === (order[0] === 0) ? "left" : "right";
}
