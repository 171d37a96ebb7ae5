import { expect, test } from "vitest";
import { readSettings } from "./setting-values";

test("U21: what cannot be a setting is told at its field, in words that say what can", () => {
  expect(readSettings({ training: "abc", quota: "0", goldPercent: "2.5", about: "x".repeat(501) })).toEqual({
    problems: {
      training: "Enter a whole number from 0 to 100.",
      quota: "Enter a whole number from 1 to 1000000.",
      goldPercent: "Enter a whole number from 0 to 50.",
      about: "At most 500 characters.",
    },
  });
  expect(readSettings({ training: "" })).toEqual({ problems: { training: "Enter a whole number from 0 to 100." } });
});

test("settings are sent as the server takes them; an empty limit is none", () => {
  expect(readSettings({ training: "3", quota: "", overlap: "2", aspects: " Truth, ,Style ", mode: "pair" })).toEqual({
    change: { training: 3, quota: null, overlap: 2, aspects: ["Truth", "Style"], mode: "pair" },
  });
});
