// What OpenAI's API is asked, as far as it is answered here: https://platform.openai.com/docs/api-reference. Fields that change nothing here are
// let through; those that would change the answer are refused by name. `top_k` and `ignore_eos` are vLLM's.
import { z } from "zod";

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** Refused with a sentence where somebody gives it. */
const unanswered = (what: string) =>
  z
    .unknown()
    .optional()
    .refine((value) => value === undefined || value === null, `this server has no ${what}: leave it out`);

const sampling = {
  model: z.string(),
  max_tokens: maybe(z.int().min(0)),
  temperature: maybe(z.number().min(0).max(2)),
  top_p: maybe(z.number().gt(0).max(1)),
  /** −1 and 0: all tokens. */
  top_k: maybe(z.int().min(-1)),
  n: maybe(z.int().min(1).max(64)),
  stream: maybe(z.boolean()),
  stream_options: maybe(z.looseObject({ include_usage: maybe(z.boolean()) })),
  stop: maybe(z.union([z.string().min(1), z.array(z.string().min(1)).max(16)])),
  seed: maybe(z.int()),
  presence_penalty: maybe(z.number().min(-2).max(2)),
  frequency_penalty: maybe(z.number().min(-2).max(2)),
  logit_bias: maybe(z.record(z.string().regex(/^\d+$/, "give token ids"), z.number().min(-100).max(100))),
  ignore_eos: maybe(z.boolean()),
};

export const completionRequest = z.looseObject({
  ...sampling,
  /** A text, token ids, or several of either. */
  prompt: z.union([
    z.string(),
    z.array(z.int()).min(1),
    z.array(z.string()).min(1),
    z.array(z.array(z.int()).min(1)).min(1),
  ]),
  echo: maybe(z.boolean()),
  logprobs: maybe(z.int().min(0).max(20)),
  suffix: unanswered("filling in"),
  best_of: unanswered("best_of"),
});
export type CompletionRequest = z.infer<typeof completionRequest>;

/** Of a message that is given in parts, the texts. */
const content = z
  .union([z.string(), z.array(z.object({ type: z.literal("text"), text: z.string() })), z.null()])
  .optional()
  .transform((given) => (Array.isArray(given) ? given.map(({ text }) => text).join("") : (given ?? null)));

/** Calls of earlier turns: chat templates write their arguments as values, which OpenAI's API holds as JSON. */
const toolCall = z.looseObject({
  function: z.looseObject({
    name: z.string(),
    arguments: z.unknown().transform((given) => (typeof given === "string" ? argumentsOf(given) : given)),
  }),
});

function argumentsOf(json: string): unknown {
  if (json.trim() === "") return {};
  try {
    return JSON.parse(json);
  } catch {
    return json; // shown as it is
  }
}

export const messageList = z
  .array(z.looseObject({ role: z.string(), content, tool_calls: z.array(toolCall).nullish() }))
  .min(1);

export const chatRequest = z.looseObject({
  ...sampling,
  max_completion_tokens: maybe(z.int().min(0)),
  messages: messageList,
  logprobs: maybe(z.boolean()),
  top_logprobs: maybe(z.int().min(0).max(20)),
  tools: maybe(
    z.array(z.looseObject({ type: z.literal("function"), function: z.looseObject({ name: z.string().min(1) }) })),
  ),
  tool_choice: maybe(z.enum(["auto", "none"], 'only "auto" and "none" are known here')),
  response_format: maybe(z.looseObject({ type: z.literal("text", "only plain text is written here") })),
  functions: unanswered("functions; give tools"),
  audio: unanswered("audio"),
});
export type ChatRequest = z.infer<typeof chatRequest>;
