import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, perform } from "../../common/command-line";
import { type ChatTemplateName, chatTemplates } from "../../spec/chat-templates";
import { commands } from "../commands/all";
import { editedFolder } from "./edited-folder";
import { writeGguf } from "./formats/gguf-write";
import { readModel } from "./load";
import { withTemplate } from "./set-template";

const temporary = () => mkdtempSync(join(tmpdir(), "workbench-test-"));
const set = (...words: string[]) => perform(commandLine(commands), ["set-template", ...words]);
/** tiny, whose end token is <|im_end|>, without its template. */
const untaught = () => editedFolder("data/tiny", { "tokenizer_config.json": { chat_template: undefined } });

const conversation = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Hello" },
  { role: "assistant", content: "Good day" },
];
/** Written out by hand, with tiny's end token. */
const expected: Record<ChatTemplateName, string> = {
  zephyr: "<|system|>\nBe brief.<|im_end|>\n<|user|>\nHello<|im_end|>\n<|assistant|>\nGood day<|im_end|>\n",
  alpaca: "Be brief.\n\n### Instruction:\nHello\n\n### Response:\nGood day<|im_end|>\n\n",
  chatml:
    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nGood day<|im_end|>\n",
};

test.each(Object.keys(chatTemplates) as ChatTemplateName[])(
  "a model without a chat template gets %s, in its folder and in the GGUF file of that",
  async (name) => {
    const [source, folder] = [untaught(), temporary()];
    await expect((async () => (await readModel(source)).tokenizer.conversation(conversation, false))()).rejects.toThrow(
      "no chat template",
    );
    expect(await set(source, folder, "--template", name)).toBe(0);
    const files = await readModel(folder);
    const shown = ({ tokenizer }: typeof files) =>
      tokenizer
        .conversation(conversation, false)
        .map((id) => tokenizer.show(id))
        .join("");
    expect(shown(files)).toBe(expected[name]);
    expect(files.notes).toEqual([]);
    const file = join(folder, "model.gguf");
    writeGguf(file, "x", files, "F16");
    expect(shown(await readModel(file))).toBe(expected[name]);
    expect(readFileSync(join(folder, "README.md"), "utf8")).toContain(`the chat template "${name}"`);
  },
);

test("a template of one's own takes the place of the one that there was, also where a GGUF file has it", async () => {
  const own = join(temporary(), "own.jinja");
  writeFileSync(
    own,
    "{% for m in messages %}[{{ m.role }}] {{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}",
  );
  const file = join(temporary(), "tiny.gguf");
  writeGguf(file, "tiny", await readModel("tiny"), "F16");
  for (const source of ["tiny", file]) {
    const folder = temporary();
    expect(await set(source, folder, "--template", own)).toBe(0);
    const { tokenizer } = await readModel(folder);
    const ids = tokenizer.conversation(conversation.slice(1), false);
    expect(ids.map((id) => tokenizer.show(id)).join("")).toBe("[user] Hello<|im_end|>[assistant] Good day<|im_end|>");
  }
});

test.each([
  ["that is none", "{% for m in messages %}", /chat template/],
  ["that raises", "{{ raise_exception('two turns only') }}", /two turns only/],
  [
    "whose answers do not end",
    "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}",
    /never learn to stop/,
  ],
  [
    "whose generation prompt is another",
    "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}Answer: {% endif %}",
    /does not begin as the question/,
  ],
  [
    "that leaves the answer out",
    "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{{ eos_token }}{% endfor %}",
    /does not (show|begin)/,
  ],
])("a template %s is refused, and nothing is written", async (_, template, sentence) => {
  const files = await readModel(untaught());
  expect(() => withTemplate(files, template)).toThrow(sentence);
});

test("what is neither a name nor a file is refused with the names; a folder that holds a model stays as it is", async () => {
  const folder = temporary();
  expect(await set("tiny", folder, "--template", "mistral")).toBe(2);
  expect(existsSync(join(folder, "config.json"))).toBe(false);
  const taken = untaught();
  expect(await set("tiny", taken, "--template", "zephyr")).toBe(2);
  expect(existsSync(join(taken, "chat_template.jinja"))).toBe(false);
});
