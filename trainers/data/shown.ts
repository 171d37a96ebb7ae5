// Whether a chat template shows what a row holds: told by rendering the conversation with it and without it.

import { callsTools } from "../../common/rows/messages";
import type { Message, TemplateOptions } from "../../spec/chat";
import type { ChatTokenizer } from "../models/tokenizer";

/** Notes something of the row at hand that is no reason to leave it out. */
export type Tell = (remark: string) => void;

/** Throws where tools or calls of tools would be lost, and tells of other fields that are. */
export function checkShown(tokenizer: ChatTokenizer, messages: Message[], template: TemplateOptions, tell: Tell): void {
  const fields = [...new Set(messages.flatMap((turn) => Object.keys(turn)))].filter((name) => !plain.includes(name));
  const roles = [...new Set(messages.map(({ role }) => role))].filter(
    (role) => role !== "user" && role !== "assistant",
  );
  if (fields.length + roles.length + Object.keys(template).length === 0) return;
  const whole = tokenizer.conversation(messages, false, template).join();
  const changes = (turns: Message[], options: TemplateOptions) => {
    try {
      return tokenizer.conversation(turns, false, options).join() !== whole;
    } catch {
      return true; // the template asks for what was taken away
    }
  };
  const { tools, ...variables } = template;
  if (tools && !changes(messages, variables))
    throw new Error("has tools, which this model's chat template does not show");
  if (messages.some(callsTools) && !changes(without(messages, "tool_calls"), template))
    throw new Error("calls tools, which this model's chat template does not show");
  for (const name of fields)
    if (name !== "tool_calls" && !changes(without(messages, name), template))
      tell(`the chat template does not show the field ${name.slice(0, 40)} of messages`);
  for (const role of roles)
    if (
      !changes(
        messages.filter((turn) => turn.role !== role),
        template,
      )
    )
      tell(`the chat template does not show turns of the role ${role.slice(0, 40)}`);
  if (Object.keys(variables).length > 0 && !changes(messages, tools ? { tools } : {}))
    tell("chat_template_kwargs change nothing of what the chat template shows");
}

const plain = ["role", "content"];

const without = (messages: Message[], field: string): Message[] =>
  messages.map(({ role, content, ...rest }) => {
    const { [field]: _, ...others } = rest;
    return { role, content, ...others };
  });
