// A pair, a ranking, a single answer or a solution as it is shown to one annotator.
import type { Item } from "../../db/tables/items";
import { renderMarkdown } from "../../markdown/markdown";
import { stepsAsked } from "./asked-steps";
import type { TaskDto } from "./judging-schema";
import { answersOf, judgedWith } from "./rankings";
import { assignmentOf } from "./served";
import { shownLeft, shownOrder } from "./sides";
import { areSimilar } from "./similarity";

/** The annotator's slot at an assigned pair, so that its annotators see opposite sides; their number otherwise. */
const seatOf = (annotatorId: number, itemId: number): number => assignmentOf(annotatorId, itemId)?.slot ?? annotatorId;

export const sideFor = (annotatorId: number, itemId: number): "first" | "second" =>
  shownLeft(seatOf(annotatorId, itemId), itemId);

/** The order of the answers for an annotator; reversed for a mirrored repeat. */
export function orderFor(annotatorId: number, item: Item, answers: number, mirror: boolean): number[] {
  if (answers === 1) return [0];
  if (item.ranking !== null) return shownOrder(answers, seatOf(annotatorId, item.id), item.id);
  return (sideFor(annotatorId, item.id) === "first") !== mirror ? [0, 1] : [1, 0];
}

type Showing = Partial<Pick<TaskDto, "key" | "mirror" | "revises" | "note" | "said" | "lesson">>;

export function asTask(item: Item, annotatorId: number, { mirror = false, ...showing }: Showing = {}): TaskDto {
  const answers = answersOf(judgedWith(item));
  const order = orderFor(annotatorId, item, answers.length, mirror);
  const { id, prompt } = item;
  const steps = stepsAsked(item);
  const asShown = (text: string) => ({ text, html: renderMarkdown(text) });
  return {
    key: `${id}${mirror ? "/mirror" : ""}`,
    id,
    prompt: prompt.map((turn) => ({ ...turn, html: renderMarkdown(turn.content ?? "") })),
    answers: order.map((at) => asShown(answers[at]!)),
    similar: answers.length === 2 && areSimilar(answers[0]!, answers[1]!),
    ...(steps && { steps: steps.map(asShown) }),
    mirror,
    revises: false,
    note: null,
    said: null,
    lesson: false,
    ...showing,
  };
}
