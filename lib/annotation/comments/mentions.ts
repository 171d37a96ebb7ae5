// Comments that name somebody by `@`. They are counted at once; what they say waits for one's vote on the record, as all that others write.
import { and, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { isOpen } from "../../access/dataset-roles";
import { appDb } from "../../db/client";
import { comments, mentions } from "../../db/tables/comments";
import { items } from "../../db/tables/items";
import { queues } from "../../db/tables/queues";
import { renderMarkdown } from "../../markdown/markdown";
import { annotatorNames } from "../../people/annotator-names";
import type { MentionDto } from "./comments-schema";
import { seenBeside } from "./who-sees";

/** How many that were read are listed under those that were not, and how many of those. */
const mostRead = 20;
const mostUnread = 200;

/** Unread ones first, the newest of each at the top; of datasets that one may see. */
export function mentionsOf(annotatorId: number): MentionDto[] {
  const names = annotatorNames();
  const rows = [...found(annotatorId, true), ...found(annotatorId, false)];
  return rows.map(({ comment, dataset, readAt }) => {
    const { id, itemId, annotatorId: writer, text, createdAt } = comment;
    const seen = seenBeside(annotatorId, itemId) === "all";
    return {
      ...{ id, dataset, record: itemId, at: createdAt, unread: readAt === null },
      said: seen ? { who: names.get(writer) ?? `annotator ${writer}`, html: renderMarkdown(text) } : null,
    };
  });
}

const found = (annotatorId: number, unread: boolean) =>
  appDb()
    .select({ comment: comments, dataset: { id: queues.id, name: queues.name }, readAt: mentions.readAt })
    .from(mentions)
    .innerJoin(comments, eq(comments.id, mentions.commentId))
    .innerJoin(items, eq(items.id, comments.itemId))
    .innerJoin(queues, and(eq(queues.id, items.queueId), isNull(queues.deletedAt)))
    .where(and(eq(mentions.annotatorId, annotatorId), unread ? isNull(mentions.readAt) : isNotNull(mentions.readAt)))
    .orderBy(desc(comments.id))
    .limit(unread ? mostUnread : mostRead)
    .all()
    .filter(({ dataset }) => isOpen({ kind: "annotate", id: dataset.id }));

/** Somebody has read what names them on a record. */
export function readMentions(annotatorId: number, record: number, now: number): void {
  const onIt = appDb().select({ id: comments.id }).from(comments).where(eq(comments.itemId, record));
  appDb()
    .update(mentions)
    .set({ readAt: sql`coalesce(${mentions.readAt}, ${now})` })
    .where(and(eq(mentions.annotatorId, annotatorId), inArray(mentions.commentId, onIt)))
    .run();
}
