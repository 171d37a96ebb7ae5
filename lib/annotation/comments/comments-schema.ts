// Comments on records, as they are sent and shown.
import { z } from "zod";
import { longestComment } from "./longest-comment";

const text = z
  .string()
  .trim()
  .min(1, "Write something.")
  .max(longestComment, `At most ${longestComment.toLocaleString("en")} characters.`);
const record = z.int().min(1);

export const commentInput = z.strictObject({ record, text });
export const commentChange = z.union([z.strictObject({ text }), z.strictObject({ resolved: z.boolean() })]);
export type CommentChange = z.infer<typeof commentChange>;

export const commentId = z.object({ id: z.number() });

/** Of an address; nothing where it names no record. */
export const recordQuery = z.object({ record: z.coerce.number().pipe(record) });

export const commentDto = z.object({
  id: z.number(),
  who: z.string(),
  at: z.number(),
  html: z.string(),
  editedAt: z.number().nullable(),
  resolved: z.object({ who: z.string(), at: z.number() }).nullable(),
  /** As it was typed, for who wrote it and may change it; null of others'. */
  own: z.string().nullable(),
  /** Whether it names whoever reads it, who has not seen it yet. */
  unread: z.boolean(),
});
export type CommentDto = z.infer<typeof commentDto>;

export const commentsDto = z.object({
  /** Oldest first. */
  comments: z.array(commentDto),
  /** Whether those of others wait for one's vote. */
  waits: z.boolean(),
  /** Whoever reads them, under whose number drafts are kept. */
  reader: z.number(),
});
export type CommentsDto = z.infer<typeof commentsDto>;

export const mentionDto = z.object({
  /** Of the comment. */
  id: z.number(),
  dataset: z.object({ id: z.number(), name: z.string() }),
  record: z.number(),
  at: z.number(),
  unread: z.boolean(),
  /** Null before one's vote on the record. */
  said: z.object({ who: z.string(), html: z.string() }).nullable(),
});
export type MentionDto = z.infer<typeof mentionDto>;
export const mentionsDto = z.array(mentionDto);

export const mentionsRead = z.strictObject({ record });
