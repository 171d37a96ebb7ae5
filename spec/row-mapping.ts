// How the columns of a file that nobody knows are taken: said by hand on the page, or by the description that came with the file.
import { z } from "zod";

/** What a column may be taken for. "ignore" leaves it out; what is not named stays as it is. */
export const columnRoles = [
  "prompt",
  "system",
  "history",
  "instruction",
  "input",
  "messages",
  "completion",
  "chosen",
  "rejected",
  "completions",
  "answers",
  "ranks",
  "scores",
  "label",
  "labels",
  "margin",
  "text",
  "tools",
  "images",
  "source",
  "ignore",
] as const;
export type ColumnRole = (typeof columnRoles)[number];

/** Who speaks in a turn. */
export const speakers = ["user", "assistant", "system", "tool", "function_call"] as const;

export const rowMapping = z.strictObject({
  columns: z.record(z.string().min(1), z.enum(columnRoles)).default({}),
  /** Names of a turn's fields, where they are not `role` and `content` or `from` and `value`. */
  turn: z.strictObject({ role: z.string().min(1), content: z.string().min(1) }).optional(),
  /** Names that a turn gives to those who speak. */
  speakers: z.record(z.string().min(1), z.enum(speakers)).optional(),
});
export type RowMapping = z.infer<typeof rowMapping>;
