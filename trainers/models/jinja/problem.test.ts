import { expect, test } from "vitest";
import { chatTemplates } from "../../../spec/chat-templates";
import { templateProblem } from "./problem";

const loop = (body: string) => `{{ bos_token }}\n{% for m in messages %}\n${body}\n{% endfor %}\ndone`;

test.each<[string, string, number, RegExp]>([
  ["a bracket too few", loop("{{ m.content }"), 3, /closing expression/],
  ["nothing after a bar", loop("a\n{{ m.content | }}"), 4, /Unexpected token/],
  ["an end of what did not begin", loop("{% endif %}"), 3, /endif/],
  ["an unknown statement", loop("{% print m %}"), 3, /Unknown statement type: print/],
  ["a loop without an end", loop("{% if m %}\n{% for x in m %}\n{% endif %}"), 5, /endif/],
  ["a block that stays open", `a\n${loop("b").replace("{% endfor %}", "")}`, 3, /never closed/],
  ["a comment that stays open", "a\n{{ b }}\n{# c\nd", 3, /comment/],
  ["a text that stays open", "a\n{{ 'b }}\nc", 2, /end of input/],
  ["lines that end as on Windows", "a\r\nb\r\n{{ c | }}\r\nd", 3, /Unexpected token/],
])("%s is told with its line", (_, source, line, message) => {
  expect(templateProblem(source)).toEqual({ message: expect.stringMatching(message), line });
});

test("a template that can be read has no problem", () => {
  for (const source of [loop("{{ m.content }}"), "", ...Object.values(chatTemplates)])
    expect(templateProblem(source)).toBeNull();
});
