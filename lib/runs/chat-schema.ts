// What the chat with a run or a base model asks and is answered, and the vote on its two answers.
import { z } from "zod";
import { chatLine } from "../../spec/chat";

export const chatInput = z.strictObject({
  messages: z
    .array(z.strictObject({ role: z.enum(["user", "assistant", "system"]), content: z.string().min(1).max(20_000) }))
    .min(1),
  /** A checkpoint; null is what the run ended with. */
  step: z.int().nullable(),
  temperature: z.number().min(0).max(2).default(0.8),
  longest: z.int().min(1).max(1024).default(160),
  /** What answers beside it: the base model of a run, another run by its id, or nothing. */
  beside: z.string().nullable().default("base"),
  /** Whether two answers come in random order, without names until the vote. */
  blind: z.boolean().default(true),
});
export type ChatInput = z.infer<typeof chatInput>;
export type ChatRequest = z.input<typeof chatInput>;

/** The events of a chat's stream: first the exchange's key, with whose each answer is where that may be known; then the growing answers. */
export const chatEvent = z.union([
  z.strictObject({ exchange: z.string(), names: z.array(z.string()).optional() }),
  chatLine.extend({ html: z.string().optional() }), // of a complete answer
  z.strictObject({ problem: z.string() }),
]);
export type ChatEvent = z.infer<typeof chatEvent>;

/** An answer in a chat, and what it answers. */
const chatAnswer = z.strictObject({ messages: chatInput.shape.messages, answer: z.string().min(1).max(100_000) });
export type ChatAnswer = z.infer<typeof chatAnswer>;

/** A thumb on an answer, up or down; null takes it back. */
export const thumbInput = chatAnswer.extend({
  key: z.uuid(),
  says: z.enum(["good", "bad"]).nullable(),
  activeMs: z.int().min(0).max(86_400_000),
});
export type ThumbInput = z.infer<typeof thumbInput>;
export const thumbSaved = z.object({ dataset: z.object({ id: z.number(), name: z.string() }) });

export const thumbsInput = z.strictObject({ answers: z.array(chatAnswer).max(500) });
/** Of each answer, in the same order. */
export const thumbs = z.array(z.enum(["good", "bad"]).nullable());
export type Thumb = z.infer<typeof thumbs>[number];

export const chatVote = z.strictObject({
  exchange: z.string(),
  verdict: z.enum(["left", "right", "tie", "both_bad"]),
  activeMs: z.int().min(0).max(86_400_000),
});
export const chatReveal = z.object({
  /** The models on the left and on the right. */
  names: z.tuple([z.string(), z.string()]),
  queue: z.string(),
});
export type ChatReveal = z.infer<typeof chatReveal>;
