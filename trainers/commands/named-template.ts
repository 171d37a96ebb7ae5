// A chat template as a command's option names it.
import { existsSync, readFileSync } from "node:fs";
import { Refusal } from "../../common/command-line";
import { type ChatTemplateName, chatTemplates } from "../../spec/chat-templates";

const names = Object.keys(chatTemplates).join(", ");
export const templateHelp = `${names}, or a Jinja file`;

/** Its text. */
export function namedTemplate(given: string): string {
  if (Object.hasOwn(chatTemplates, given)) return chatTemplates[given as ChatTemplateName];
  if (existsSync(given)) return readFileSync(given, "utf8");
  throw new Refusal(`${given} is neither one of the chat templates ${names} nor a file`);
}
