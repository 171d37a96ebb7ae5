// What is wrong with a text that is to be a template, and where: the parser tells no lines.
import type { TemplateProblem } from "../../../spec/reports";
import { parseTemplate } from "./template";

/** Null where it can be read. */
export function templateProblem(source: string): TemplateProblem | null {
  const reason = refusal(source);
  if (reason === null) return null;
  const lines = source.split(/\r\n?|\n/);
  // reading goes from the left: the line is the first from which on every longer part of the text is refused alike
  let line = lines.length;
  while (line > 1 && refusal(lines.slice(0, line - 1).join("\n")) === reason) line--;
  return { message: reason === endless ? "what is opened here is never closed" : reason, line };
}

const endless = "unexpected end";

function refusal(source: string): string | null {
  try {
    parseTemplate(source);
    return null;
  } catch (error) {
    // the parser reads on beyond its last token
    if (error instanceof TypeError) return endless;
    return error instanceof Error ? error.message : String(error);
  }
}
