import { z } from "zod";
import type { ChatAnswer } from "@/lib/runs/chat-schema";
import { useStored } from "../../ui/use-stored";

const turn = z.object({
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  /** Of an answer, as the server rendered it. */
  html: z.string().optional(),
  /** Of an answer, the system prompt that it was written under. */
  system: z.string().optional(),
});
export type Turn = z.infer<typeof turn>;

/** What a model is asked. */
export function messagesOf(system: string, turns: Turn[]): ChatAnswer["messages"] {
  const first = system.trim() === "" ? [] : [{ role: "system" as const, content: system.trim() }];
  return [...first, ...turns.map(({ role, content }) => ({ role, content }))];
}

/** The answers of a conversation; null for what was asked. */
export const answersIn = (turns: Turn[], system: string): (ChatAnswer | null)[] =>
  turns.map((turn, i) =>
    turn.role === "assistant" && turn.content !== ""
      ? { messages: messagesOf(turn.system ?? system, turns.slice(0, i)), answer: turn.content }
      : null,
  );

const conversation = z.object({
  turns: z.array(turn),
  system: z.string(),
  /** A checkpoint; null is what the run ended with. */
  step: z.number().nullable(),
  temperature: z.number(),
  longest: z.number(),
  /** What answers beside the model: its base, another run by its id, or nothing. */
  beside: z.string().nullable(),
  /** Whether names are hidden until the vote. */
  blind: z.boolean().default(true),
});
export type Conversation = z.infer<typeof conversation>;

const earlier = z.array(conversation.extend({ at: z.number() }));
/** One that was put aside, and when. */
export type EarlierConversation = z.infer<typeof earlier>[number];

const nothingSaid: Conversation = {
  turns: [],
  system: "",
  step: null,
  temperature: 0.8,
  longest: 160,
  beside: "base",
  blind: true,
};

const alone: Conversation = { ...nothingSaid, beside: null };

/** So many are kept a model. */
const mostEarlier = 30;

/** The conversation with a run or a base model and how it is asked, kept in this browser across reloads, and those before it. */
export function useConversations(subject: string, isBase: boolean) {
  const [talk, setTalk] = useStored(`chat:${subject}`, conversation, isBase ? alone : nothingSaid);
  const [others, setOthers] = useStored(`chats:${subject}`, earlier, []);
  /** Puts the open conversation, with these turns, aside for another one, which is no longer among the earlier ones. */
  const change = (turns: Turn[], next: Conversation, left: EarlierConversation[]) => {
    setOthers([...(turns.length > 0 ? [{ ...talk, turns, at: Date.now() }] : []), ...left].slice(0, mostEarlier));
    setTalk(next);
  };
  const without = (one: EarlierConversation) => others.filter((other) => other !== one);
  return {
    talk,
    setTalk,
    earlier: others,
    /** A new one, asked as the open one is. */
    begin: (turns: Turn[]) => change(turns, { ...talk, turns: [] }, others),
    reopen(turns: Turn[], one: EarlierConversation) {
      const { at: _, ...next } = one;
      change(turns, next, without(one));
    },
    forget: (one: EarlierConversation) => setOthers(without(one)),
  };
}
