// Thumbs on the answers of a chat: labels in a dataset of answers that are good or bad, one a run or base model, on which KTO trains.
import "server-only";
import { addItems } from "../annotation/items/items";
import { goodOrBad } from "../annotation/items/single-answers";
import { judge, ownVoteOn, withdraw } from "../annotation/judging/judge";
import { noteServed } from "../annotation/judging/served";
import { writerOf } from "./chat";
import { chatDataset, chatSource, openChatDataset, recordIn } from "./chat-datasets";
import type { ChatAnswer, Thumb, ThumbInput } from "./chat-schema";
import { subjectOf } from "./chat-subject";

/** Stores what the annotator says of an answer, in place of what they said before; null takes that back. */
export function setThumb(
  annotatorId: number,
  subjectId: string,
  { key, says, activeMs, ...given }: ThumbInput,
  now: number,
): { dataset: { id: number; name: string } } {
  const subject = subjectOf(subjectId);
  const { id, name } = openChatDataset(subject, "thumbs", now);
  const writer = writerOf(subject.id, given);
  const row = rowOf(given);
  addItems(id, [{ ...row, source: chatSource(subject), ...(writer && { writers: [writer] }) }]);
  const itemId = recordIn(id, rowOf(given))!;
  if (says === null) withdraw(annotatorId, itemId, key, now);
  else {
    noteServed(annotatorId, [{ id: itemId, mirror: false }]);
    const revises = thumbOn(annotatorId, itemId) !== null;
    judge(annotatorId, { key, itemId, choice: { kind: says }, activeMs, revises }, now);
  }
  return { dataset: { id, name } };
}

/** What the annotator says of each answer by now, here or where the dataset is annotated. */
export function thumbsOn(annotatorId: number, subject: string, answers: ChatAnswer[]): Thumb[] {
  const queue = chatDataset(subjectOf(subject).id, "thumbs");
  return answers.map((answer) => {
    const itemId = queue && recordIn(queue.id, rowOf(answer));
    return itemId === undefined ? null : thumbOn(annotatorId, itemId);
  });
}

const rowOf = ({ messages, answer }: ChatAnswer) => ({ prompt: messages, answers: [answer] });

function thumbOn(annotatorId: number, itemId: number): Thumb {
  const own = ownVoteOn(annotatorId, itemId);
  return own ? goodOrBad(own.vote.verdict) : null;
}
