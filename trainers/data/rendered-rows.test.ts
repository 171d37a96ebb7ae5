import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chatTemplates } from "../../spec/chat-templates";
import { runConfig } from "../../spec/config";
import { examine } from "../run/validate-run";
import { renderedRows } from "./rendered-rows";

const said = (role: string, content: string) => ({ role, content });
function file(...rows: (object | string)[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.jsonl");
  writeFileSync(path, rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n"));
  return path;
}
const shown = (tokens: { text: string; scored: boolean; special: boolean }[]) => ({
  given: tokens.flatMap(({ text, scored }) => (scored ? [] : [text])).join(""),
  learnt: tokens.flatMap(({ text, scored }) => (scored ? [text] : [])).join(""),
  special: tokens.flatMap(({ text, special }) => (special ? [text] : [])),
});
const prompt = [said("user", "Hello")];

test("each kind of row is shown in the template as it is learned from, with what is scored and which tokens are special", async () => {
  const rows = file(
    { prompt, chosen: [said("assistant", "Good day")], rejected: [said("assistant", "No")] },
    { prompt, completion: [said("assistant", "Good day")], label: false },
    { messages: [...prompt, said("assistant", "Good day")] },
    { prompt },
  );
  const { problem, rows: rendered } = await renderedRows("tiny", chatTemplates.zephyr, rows, 5);
  expect(problem).toBeNull();
  const [pair, single, conversation, asked] = rendered;
  // tiny ends turns with <|im_end|>; the template is written out by hand
  const given = "<|user|>\nHello<|im_end|>\n<|assistant|>\n";
  const answered = { given, learnt: "Good day<|im_end|>\n", special: ["<|im_end|>", "<|im_end|>"] };
  expect(pair!.sequences.map(({ answer }) => answer)).toEqual(["chosen", "rejected"]);
  expect(shown(pair!.sequences[0]!.tokens)).toEqual(answered);
  expect(shown(pair!.sequences[1]!.tokens).learnt).toBe("No<|im_end|>\n");
  expect(single!.sequences.map(({ answer, tokens }) => [answer, shown(tokens)])).toEqual([["bad", answered]]);
  expect(shown(conversation!.sequences[0]!.tokens)).toEqual(answered);
  expect(shown(asked!.sequences[0]!.tokens)).toEqual({ given, learnt: "", special: ["<|im_end|>"] });
  const { tokens, length, scored } = conversation!.sequences[0]!;
  expect([length, scored]).toEqual([tokens.length, tokens.filter((one) => one.scored).length]);
});

test("rows in the model's own template are those that the check of a run shows", async () => {
  const train = "data/samples/film-reviews.jsonl.gz";
  const { rows } = await renderedRows("tiny", null, train, 3);
  const config = runConfig.parse({
    ...{ method: "dpo", model: { source: "tiny" }, output: "unused" },
    data: { train, maxLength: 512, heldOut: 0 },
  });
  const { examples } = await examine(config, []);
  const plain = rows.map(({ sequences }) =>
    sequences.map(({ tokens }) => tokens.map(({ text, scored }) => ({ text, scored }))),
  );
  expect(plain).toEqual(examples);
});

test("what cannot be rendered is told at its row, and what is wrong with the template above all of them", async () => {
  const rows = file({ messages: [said("system", "Be brief."), ...prompt, said("assistant", "Good day")] }, "{", {
    messages: [...prompt, said("assistant", "Good day")],
  });
  const strict = `{% if messages[0].role == 'system' %}{{ raise_exception('no system turns') }}{% endif %}${chatTemplates.zephyr}`;
  const refused = await renderedRows("tiny", strict, rows, 5);
  expect(refused.problem).toBeNull();
  expect(refused.rows.map(({ line, problem }) => [line, problem])).toEqual([
    [1, "no system turns"],
    [2, expect.stringContaining("JSON")],
    [3, null],
  ]);
  const silent = "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}";
  expect((await renderedRows("tiny", silent, rows, 5)).problem).toEqual({
    message: "this chat template does not show what the assistant says",
    line: null,
  });
  expect(await renderedRows("tiny", "a\n{{ b", rows, 5)).toEqual({
    problem: { message: expect.any(String), line: 2 },
    rows: [],
  });
});
