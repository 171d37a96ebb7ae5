// What the bounds on a text's form let through is stopped by the clock. Here the parser never comes back.
import { expect, test, vi } from "vitest";
import { renderMarkdown } from "./markdown";

const parser = vi.hoisted(() => ({ calls: 0 }));
vi.mock("./pipeline", () => ({
  render: () => {
    for (parser.calls++; ; );
  },
}));

test("F5: a text on which the parser hangs is shown as it was written, and of many such texts only a few are tried", () => {
  let used = 0;
  vi.spyOn(process, "cpuUsage").mockImplementation((before) => {
    used += 300_000; // this machine may be busy: here a text that hangs takes 300 ms of processor time
    return { user: used - (before?.user ?? 0), system: 0 };
  });
  vi.spyOn(performance, "now").mockReturnValue(20_000);
  for (let i = 0; i < 40; i++)
    expect(renderMarkdown(`**hang** ${i} < 1`)).toBe(
      `<p dir="auto" class="whitespace-pre-wrap">**hang** ${i} &#x3C; 1</p>`,
    );
  expect(parser.calls).toBe(4); // then a second is lost
  expect(renderMarkdown("Words need no parser.")).toBe('<p dir="auto">Words need no parser.</p>');
});
