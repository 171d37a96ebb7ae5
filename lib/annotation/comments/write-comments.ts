// Writing, changing, deleting and resolving comments.
import { and, eq, notInArray } from "drizzle-orm";
import { requireOpen } from "../../access/dataset-roles";
import { appDb } from "../../db/client";
import { type Comment, comments, mentions } from "../../db/tables/comments";
import { items } from "../../db/tables/items";
import { translatedError } from "../../messages/translated-error";
import type { CommentChange } from "./comments-schema";
import { namedIn, peopleOn } from "./people";
import { requireRecord } from "./require-record";

interface Written {
  record: number;
  text: string;
}

/** Returns the comment's number. */
export function writeComment(queueId: number, annotatorId: number, { record, text }: Written, now: number): number {
  requireOpen({ kind: "annotate", id: queueId }, "annotate");
  const itemId = requireRecord(queueId, record);
  const people = peopleOn(queueId);
  return appDb().transaction((tx) => {
    const row = { itemId, annotatorId, text, createdAt: now };
    const { id } = tx.insert(comments).values(row).returning({ id: comments.id }).get();
    mention(id, annotatorId, namedIn(text, people));
    return id;
  });
}

/** Its text is for who wrote it to change; whether it is resolved, for reviewers. */
export function changeComment(
  queueId: number,
  id: number,
  annotatorId: number,
  change: CommentChange,
  now: number,
): void {
  if ("resolved" in change) resolve(queueId, id, change.resolved ? annotatorId : null, now);
  else edit(queueId, id, annotatorId, change.text, now);
}

function edit(queueId: number, id: number, annotatorId: number, text: string, now: number): void {
  requireOwn(queueId, id, annotatorId);
  const people = peopleOn(queueId);
  appDb().transaction((tx) => {
    tx.update(comments).set({ text, editedAt: now }).where(eq(comments.id, id)).run();
    mention(id, annotatorId, namedIn(text, people));
  });
}

export function deleteComment(queueId: number, id: number, annotatorId: number): void {
  requireOwn(queueId, id, annotatorId);
  appDb().delete(comments).where(eq(comments.id, id)).run();
}

/** `by`: null opens it again. */
function resolve(queueId: number, id: number, by: number | null, now: number): void {
  requireOpen({ kind: "annotate", id: queueId }, "review");
  if (!commentIn(queueId, id)) throw noComment(queueId, id);
  const set = { resolvedBy: by, resolvedAt: by === null ? null : now };
  appDb().update(comments).set(set).where(eq(comments.id, id)).run();
}

/** Those named before stay as they are, read or not; who writes is not told of it. */
function mention(commentId: number, writer: number, named: number[]): void {
  const people = named.filter((id) => id !== writer);
  appDb()
    .delete(mentions)
    .where(and(eq(mentions.commentId, commentId), notInArray(mentions.annotatorId, people)))
    .run();
  for (const annotatorId of people)
    appDb().insert(mentions).values({ commentId, annotatorId }).onConflictDoNothing().run();
}

const commentIn = (queueId: number, id: number): Comment | undefined =>
  appDb()
    .select({ comment: comments })
    .from(comments)
    .innerJoin(items, eq(items.id, comments.itemId))
    .where(and(eq(comments.id, id), eq(items.queueId, queueId)))
    .get()?.comment;

const noComment = (queueId: number, id: number) => translatedError(404, "error.noComment", { dataset: queueId, id });

/** Of others' nothing is told, not even that they are there. */
function requireOwn(queueId: number, id: number, annotatorId: number): void {
  requireOpen({ kind: "annotate", id: queueId }, "annotate");
  if (commentIn(queueId, id)?.annotatorId !== annotatorId)
    throw translatedError(404, "error.noOwnComment", { dataset: queueId, id });
}
