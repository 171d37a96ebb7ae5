// Conversations, as files, prompts and chat templates hold them.
import { z } from "zod";

/** A turn of a conversation. */
export interface Message {
  role: string;
  /** Null where the turn only calls tools. */
  content: string | null;
  /** Tools that the assistant calls here, as OpenAI and Transformers lay them out. */
  tool_calls?: unknown;
  /** Which of those calls a tool answers here. */
  tool_call_id?: unknown;
  /** Who speaks, beside the role. */
  name?: unknown;
  /** What else a chat template may show, such as `reasoning_content`. */
  [field: string]: unknown;
}

/** A turn as JSON gives it. */
export const message = z.looseObject({ role: z.string(), content: z.string().nullable() });

/** What a chat template is given beside the messages: the tools that may be called, and variables of its own. */
export interface TemplateOptions {
  tools?: unknown[];
  [variable: string]: unknown;
}

/** Plain text, or a conversation. */
export type Text = string | Message[];

/** What a line says. `text` is the whole answer so far. */
export const chatLine = z.object({
  /** Which of `adapters`. */
  side: z.number(),
  text: z.string(),
  tokens: z.number(),
  /** Whether the answer is over. */
  done: z.boolean(),
  /** Whether it ended by itself, or was cut at the longest answer. */
  ended: z.boolean(),
});
export type ChatLine = z.infer<typeof chatLine>;
