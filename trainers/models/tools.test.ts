// Conversations with tools against Transformers 5.23 and TRL 1.16: data/golden/tools/make-tools.py.

import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRow } from "../../common/rows/formats";
import { asSupervised } from "../../common/rows/rows";
import type { Message, TemplateOptions } from "../../spec/chat";
import { tokenizeSupervised } from "../data/tokenize";
import { readTokenizer } from "./tokenizer";

interface Golden {
  templates: Record<string, string>;
  rows: { messages: Message[]; tools?: unknown[]; chat_template_kwargs?: object }[];
  results: { template: string; row: number; expected: { prompt: number[]; ids: number[]; start: number } | null }[];
}
const { templates, rows, results } = JSON.parse(readFileSync("data/golden/tools/tools.json", "utf8")) as Golden;

/** The tiny tokenizer with other chat templates. */
function templated(chat_template: unknown) {
  const path = mkdtempSync(join(tmpdir(), "workbench-test-"));
  copyFileSync("data/tiny/tokenizer.json", join(path, "tokenizer.json"));
  const config: object = JSON.parse(readFileSync("data/tiny/tokenizer_config.json", "utf8"));
  writeFileSync(join(path, "tokenizer_config.json"), JSON.stringify({ ...config, chat_template }));
  return readTokenizer(path);
}
const tokenizers = Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, templated(template)]));

test.each(results)(
  "C7: template $template, row $row: prompt and row have the ids that Transformers gives them",
  ({ template, row, expected }) => {
    const { messages, tools, chat_template_kwargs } = rows[row]!;
    const options: TemplateOptions = { ...(tools && { tools }), ...chat_template_kwargs };
    const ids = (turns: Message[], asked: boolean) => tokenizers[template]!.conversation(turns, asked, options);
    if (expected === null) expect(() => ids(messages, false)).toThrow();
    else {
      expect(ids(messages.slice(0, -1), true)).toEqual(expected.prompt);
      expect(ids(messages, false)).toEqual(expected.ids);
    }
  },
);

// two templates list no tools: rows that bring some are named and left out there
const learnt = results.filter(
  ({ template, row, expected }) => expected && (!rows[row]!.tools || template === "qwen" || template === "llama"),
);
test.each(learnt)(
  "C7: template $template, row $row: SFT learns from where TRL's completion begins",
  ({ template, row, expected }) => {
    const read = readRow(rows[row]);
    const made = tokenizeSupervised(tokenizers[template]!, asSupervised(read), 4096, true, {
      template: read.template,
    })!;
    expect(made.input_ids).toEqual(expected!.ids);
    expect(made.completion_mask.indexOf(1)).toBe(expected!.start);
  },
);

test("C7: of several templates the one called tool_use is for conversations with tools, as in Transformers", () => {
  const named = (name: string) => ({ name, template: `${name} {% for m in messages %}{{ m.content }}{% endfor %}` });
  const tokenizer = templated([named("default"), named("tool_use")]);
  const text = (options: TemplateOptions) =>
    tokenizer.decode(tokenizer.conversation([{ role: "user", content: "Hi" }], true, options));
  expect([text({}), text({ tools: [{}] })]).toEqual(["default Hi", "tool_use Hi"]);
});

test("C7: reasoning goes by the names that templates read, as in Transformers", () => {
  const tokenizer = templated("{% for m in messages %}[{{ m.reasoning_content }}|{{ m.thinking }}]{% endfor %}");
  const text = (fields: object) =>
    tokenizer.decode(tokenizer.conversation([{ role: "assistant", content: "a", ...fields }], false));
  for (const name of ["reasoning_content", "thinking", "reasoning"]) expect(text({ [name]: "so" })).toBe("[so|so]");
});
