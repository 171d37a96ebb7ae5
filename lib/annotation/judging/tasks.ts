// A pair, or a ranking, as one annotator's screen shows it.
import { and, eq } from "drizzle-orm";
import { appDb } from "../../db/client";
import { assignments, type Item } from "../../db/schema";
import { renderMarkdown } from "../../markdown/markdown";
import type { TaskDto } from "./judging-schema";
import { answersOf, judgedWith } from "./rankings";
import { shownLeft, shownOrder } from "./sides";

/** An annotator's slot at a pair that was assigned, so that raters of a pair see opposite sides; else their number. */
function seatOf(annotatorId: number, itemId: number): number {
  const own = and(eq(assignments.itemId, itemId), eq(assignments.annotatorId, annotatorId));
  return appDb().select().from(assignments).where(own).get()?.slot ?? annotatorId;
}

export const sideFor = (annotatorId: number, itemId: number): "first" | "second" =>
  shownLeft(seatOf(annotatorId, itemId), itemId);

/** Which answer stands at which place for an annotator; the other way round where the pair is mirrored. */
export function orderFor(annotatorId: number, item: Item, answers: number, mirror: boolean): number[] {
  if (item.ranking !== null) return shownOrder(answers, seatOf(annotatorId, item.id), item.id);
  return (sideFor(annotatorId, item.id) === "first") !== mirror ? [0, 1] : [1, 0];
}

type Showing = Partial<Pick<TaskDto, "key" | "mirror" | "revises" | "note" | "said" | "lesson">>;

export function asTask(item: Item, annotatorId: number, { mirror = false, ...showing }: Showing = {}): TaskDto {
  const answers = answersOf(judgedWith(item));
  const order = orderFor(annotatorId, item, answers.length, mirror);
  const { id, position, prompt } = item;
  return {
    key: `${id}${mirror ? "/mirror" : ""}`,
    id,
    position,
    prompt,
    answers: order.map((at) => ({ text: answers[at]!, html: renderMarkdown(answers[at]!) })),
    mirror,
    revises: false,
    note: null,
    said: null,
    lesson: false,
    ...showing,
  };
}
