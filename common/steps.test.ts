import fc from "fast-check";
import { expect, test } from "vitest";
import { stepsOf, textOfSteps } from "./steps";

const trimmed = (text: string) => stepsOf(text).map((step) => step.trim());

test.each([
  [
    "numbered steps, blank lines or not",
    "Let me see.\n\nStep 1: a\n\nmore of a\nStep 2: b",
    ["Let me see.\n\nStep 1: a\n\nmore of a", "Step 2: b"],
  ],
  [
    "numbered in bold or as headings",
    "### Step 1\na\n### Step 2\nb\n**Step 3:** c",
    ["### Step 1\na", "### Step 2\nb", "**Step 3:** c"],
  ],
  ["a step that is only spoken of begins none", "a, as in Step 2\nb", ["a, as in Step 2", "b"]],
  ["paragraphs", "a\nb\n \n\nc\n\nd\n", ["a\nb", "c", "d"]],
  ["lines", "\n\na\nb", ["a", "b"]],
  ["one line", "The answer is 4.", ["The answer is 4."]],
  [
    "code and formulas stay whole",
    "a\n\n```\nx\n\ny\n```\n\nb\n\n$$\n1\n\n2\n$$",
    ["a", "```\nx\n\ny\n```", "b", "$$\n1\n\n2\n$$"],
  ],
])("%s", (_, text, steps) => {
  expect(trimmed(text)).toEqual(steps);
});

const texts = fc
  .array(fc.constantFrom("a", "Step 1: x", "Step 2", "\n", "\n\n", " ", "```", "$$", "\\[", "**"))
  .map((parts) => parts.join(""));

test("the steps of any text are the text, and none but the only one is blank", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const steps = stepsOf(text);
      expect(steps.join("")).toBe(text);
      if (steps.length > 1) expect(steps.filter((step) => step.trim() === "")).toEqual([]);
    }),
  );
});

test("steps that a file has apart are found again in their text, or there is no text", () => {
  expect(textOfSteps(["a\n\nb", "c"])).toBe("a\nb\n\nc");
  expect(textOfSteps(["a\nb"])).toBe("a b");
  expect(textOfSteps(["Step 1: a", "so", "Step 2: b"])).toBeNull();
  fc.assert(
    fc.property(
      fc.array(
        texts.filter((text) => text.trim() !== ""),
        { minLength: 1 },
      ),
      (steps) => {
        const text = textOfSteps(steps);
        if (text !== null) expect(stepsOf(text)).toHaveLength(steps.length);
      },
    ),
  );
});
