// What a chat template writes after an answer, and whether the model knows an end by it.
import type { ChatTokenizer } from "./tokenizer";

/** The ids that follow every answer. Null where the template does not take a question and an answer. */
export function turnEnd({ conversation }: Pick<ChatTokenizer, "conversation">): number[] | null {
  const said = (content: string) =>
    conversation(
      [
        { role: "user", content: "a" },
        { role: "assistant", content },
      ],
      false,
    );
  try {
    const [one, other] = [said("0"), said("x y z")];
    let length = 0;
    while (length < one.length && one.at(-1 - length) === other.at(-1 - length)) length++;
    return one.slice(one.length - length);
  } catch {
    return null;
  }
}

/** A sentence where the tokenizer's end token is not what the template ends a turn with; else none. */
export function endNotes(tokenizer: ChatTokenizer): string[] {
  if (tokenizer.template === null) return [];
  const end = turnEnd(tokenizer);
  if (end === null || end.includes(tokenizer.eos)) return [];
  const shown = (ids: Iterable<number>) => [...ids].map((id) => JSON.stringify(tokenizer.show(id))).join(", ");
  const writes = end.length === 0 ? "nothing" : end.map((id) => tokenizer.show(id)).join("");
  const ended = end.filter((id) => tokenizer.ends.has(id));
  const sentence = `the chat template ends an answer with ${JSON.stringify(writes)} and the tokenizer's end token is ${shown([tokenizer.eos])}`;
  if (ended.length > 0) return [`${sentence}: answers end at either, plain text at the latter alone`];
  return [
    `${sentence}: what learns from conversations never learns to end an answer; name the template's end in eos_token, or among eos_token_id of generation_config.json`,
  ];
}
