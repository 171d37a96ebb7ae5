import { z } from "zod";
import { useStored } from "../../../../ui/use-stored";

const turn = z.object({
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  /** Of an answer, as the server rendered it. */
  html: z.string().optional(),
});
export type Turn = z.infer<typeof turn>;

const conversation = z.object({
  turns: z.array(turn),
  system: z.string(),
  /** A checkpoint; null is what the run ended with. */
  step: z.number().nullable(),
  temperature: z.number(),
  longest: z.number(),
  /** What answers beside the run: its base, another run by its id, or nothing. */
  beside: z.string().nullable(),
});
export type Conversation = z.infer<typeof conversation>;

const nothingSaid: Conversation = { turns: [], system: "", step: null, temperature: 0.8, longest: 160, beside: "base" };

/** The conversation with a run and how it is asked, kept in this browser across reloads. */
export const useConversation = (run: string) => useStored(`chat:${run}`, conversation, nothingSaid);
