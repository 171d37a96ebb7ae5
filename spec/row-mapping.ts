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

/** As people read them. */
export const roleWords: Record<ColumnRole, string> = {
  prompt: "the prompt",
  system: "the system text",
  history: "earlier exchanges",
  instruction: "the prompt",
  input: "what the prompt goes on with",
  messages: "a conversation",
  completion: "the answer",
  chosen: "the better answer",
  rejected: "the worse answer",
  completions: "answers, or steps",
  answers: "answers to rank",
  ranks: "ranks of the answers",
  scores: "scores of the answers",
  label: "good or bad",
  labels: "right or wrong, by step",
  margin: "the margin",
  text: "text to learn whole",
  tools: "tools that may be called",
  images: "images",
  source: "where the row comes from",
  ignore: "nothing",
};

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
