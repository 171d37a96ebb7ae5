import fc from "fast-check";
import { expect, test } from "vitest";
import { asText, fromText } from "./formula";

const signs = ["=", "+", "-", "@", "\t", "\r", "\n", "'", " ", "a", "＝"];
test("F17: no cell that is written begins as a formula does, and every text comes back as it was", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...signs), { maxLength: 6 }).map((parts) => parts.join("")),
      (text) => {
        expect(asText(text)).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/);
        expect(fromText(asText(text))).toBe(text);
      },
    ),
    { numRuns: 2000 },
  );
});
