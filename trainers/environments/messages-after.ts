// The tokens of messages that follow a turn of the model's, which stand between that turn and its next.
import type { Message } from "../../spec/chat";
import type { ChatTokenizer } from "../models/tokenizer";

/**
 * What the chat template puts after the end of an assistant's turn where these messages follow, up to where the assistant is to go on. The turn
 * itself keeps the ids that were sampled: here another stands in its place, of which nothing is kept (as TRL 1.16 does).
 */
export function messagesAfter({ conversation, ends }: ChatTokenizer, messages: Message[]): number[] {
  const before: Message[] = [
    { role: "user", content: "a" },
    { role: "assistant", content: "b" },
  ];
  const endsIn = (ids: number[]) => ids.flatMap((id, t) => (ends.has(id) ? [t] : []));
  const turns = endsIn(conversation(before, false)).length; // templates may end the turns of every role, or the assistant's alone
  const ids = conversation([...before, ...messages], true);
  const end = endsIn(ids)[turns - 1];
  if (end === undefined)
    throw new Error("the model's chat template ends no assistant's turn with an end token, so nothing can follow one");
  const silent = messages.find((_, i) => same(ids, conversation([...before, ...messages.toSpliced(i, 1)], true)));
  if (silent)
    throw new Error(
      `the model's chat template does not show messages of the role ${silent.role}, which the environment gave`,
    );
  return ids.slice(end + 1);
}

const same = (a: number[], b: number[]) => a.length === b.length && a.every((id, t) => id === b[t]);
