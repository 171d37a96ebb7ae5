// The comments on a record for somebody, as far as they see them.
import { and, asc, eq } from "drizzle-orm";
import { requireOpen } from "../../access/dataset-roles";
import { appDb } from "../../db/client";
import { type Comment, comments, mentions } from "../../db/tables/comments";
import { items } from "../../db/tables/items";
import { renderMarkdown } from "../../markdown/markdown";
import { annotatorNames } from "../../people/annotator-names";
import type { CommentDto, CommentsDto } from "./comments-schema";
import { requireRecord } from "./require-record";
import { type Seen, seenBeside } from "./who-sees";

/** On the annotation screen. */
export function commentsBeside(queueId: number, record: number, reader: number): CommentsDto {
  requireOpen({ kind: "annotate", id: queueId }, "annotate");
  const itemId = requireRecord(queueId, record);
  const seen = seenBeside(reader, itemId);
  return { comments: listed(itemId, reader, seen), waits: seen !== "all", reader };
}

/** Among the records of a dataset. */
export function commentsOn(queueId: number, record: number, reader: number): CommentsDto {
  requireOpen({ kind: "annotate", id: queueId }, "read");
  return { comments: listed(requireRecord(queueId, record), reader, "all"), waits: false, reader };
}

function listed(itemId: number, reader: number, seen: Seen): CommentDto[] {
  if (seen === "none") return [];
  const names = annotatorNames();
  const nameOf = (id: number) => names.get(id) ?? `annotator ${id}`;
  return appDb()
    .select({ comment: comments, mention: mentions })
    .from(comments)
    .leftJoin(mentions, and(eq(mentions.commentId, comments.id), eq(mentions.annotatorId, reader)))
    .where(and(eq(comments.itemId, itemId), seen === "own" ? eq(comments.annotatorId, reader) : undefined))
    .orderBy(asc(comments.id))
    .all()
    .map(({ comment: { id, annotatorId, text, createdAt, editedAt, resolvedBy, resolvedAt }, mention }) => ({
      ...{ id, who: nameOf(annotatorId), at: createdAt, html: renderMarkdown(text), editedAt },
      resolved: resolvedBy === null ? null : { who: nameOf(resolvedBy), at: resolvedAt! },
      own: annotatorId === reader ? text : null,
      unread: mention !== null && mention.readAt === null,
    }));
}

/** All those of a dataset, as they are stored. */
export const commentsIn = (queueId: number): Comment[] =>
  appDb()
    .select({ comment: comments })
    .from(comments)
    .innerJoin(items, eq(items.id, comments.itemId))
    .where(eq(items.queueId, queueId))
    .all()
    .map(({ comment }) => comment);
