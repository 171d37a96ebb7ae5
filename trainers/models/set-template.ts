// A model with another chat template, or with one where it had none. Its folder's chat_template.jinja says so to whatever reads it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadedFiles } from "./formats/loaded-files";
import { templateProblem } from "./jinja/problem";
import { type ChatTokenizer, readTokenizer } from "./tokenizer";
import { endNotes, turnEnd } from "./turn-end";

/** Throws where a conversation in the template could not be learned from or would not end. */
export function withTemplate(files: LoadedFiles, template: string): LoadedFiles {
  const problem = templateProblem(template);
  if (problem !== null) throw new Error(`Cannot read the chat template: line ${problem.line}: ${problem.message}`);
  const made = rendersWith(files, template);
  requireLearnable(made.tokenizer);
  return made;
}

/** The same without a look at what its conversations are. */
export function rendersWith(files: LoadedFiles, template: string): LoadedFiles {
  const { chat_template: _, ...config } = JSON.parse(files.companions()["tokenizer_config.json"]!) as Record<
    string,
    unknown
  >;
  const { "chat_template.json": __, ...kept } = files.companions();
  const companions = {
    ...kept,
    "tokenizer_config.json": JSON.stringify(config),
    "chat_template.jinja": template,
  };
  const tokenizer = tokenizerOf(companions);
  return { ...files, tokenizer, notes: endNotes(tokenizer), companions: () => companions };
}

/** As whoever gets the folder will read it. */
export function tokenizerOf(companions: Record<string, string>): ChatTokenizer {
  const folder = mkdtempSync(join(tmpdir(), "workbench-template-"));
  try {
    for (const [name, text] of Object.entries(companions)) writeFileSync(join(folder, name), text);
    return readTokenizer(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const question = [{ role: "user", content: "What is the capital of France?" }];
const answer = { role: "assistant", content: "It is Paris." };

/** Throws where a conversation in the tokenizer's template could not be learned from or would not end. */
export function requireLearnable(tokenizer: ChatTokenizer): void {
  const shown = (ids: number[]) => ids.map((id) => tokenizer.show(id)).join("");
  const rendered = (...given: Parameters<ChatTokenizer["conversation"]>) => {
    try {
      return shown(tokenizer.conversation(...given));
    } catch (cause) {
      throw new Error(
        `this chat template does not render a question with its answer: ${cause instanceof Error ? cause.message : cause}`,
        { cause },
      );
    }
  };
  const [prompt, whole] = [rendered(question, true), rendered([...question, answer], false)];
  if (!whole.startsWith(prompt))
    throw new Error(
      "in this chat template an answered question does not begin as the question with the generation prompt does: what is learned would not be what is asked",
    );
  if (!whole.includes(answer.content)) throw new Error("this chat template does not show what the assistant says");
  const end = turnEnd(tokenizer);
  if (end?.some((id) => tokenizer.ends.has(id))) return;
  const ends = [...tokenizer.ends].map((id) => JSON.stringify(tokenizer.show(id))).join(", ");
  throw new Error(
    `this chat template ends an answer with ${JSON.stringify(end ? shown(end) : "")}, which holds no token that ends one (${ends}): the model would never learn to stop; end answers with {{ eos_token }}`,
  );
}
