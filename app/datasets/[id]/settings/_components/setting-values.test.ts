import { expect, test } from "vitest";
import { queueSettings } from "@/lib/annotation/queues/queue-schema";
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

test("U19: a name that is given twice is told at its field; one that holds a comma is taken from nobody", () => {
  const problems = { reasonTags: "Name each of them once.", aspects: "Name each of them once." };
  expect(readSettings({ reasonTags: "clearer, safer,clearer ", aspects: "Truth,Truth" })).toEqual({ problems });
  const { error } = queueSettings.safeParse({ reasonTags: ["clear, short"], aspects: ["Truth"] });
  expect(error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
    ["reasonTags", "No commas within a name."],
  ]);
});

test("settings are sent as the server takes them; an empty limit is none", () => {
  expect(readSettings({ training: "3", quota: "", overlap: "2", aspects: " Truth, ,Style ", mode: "pair" })).toEqual({
    change: { training: 3, quota: null, overlap: 2, aspects: ["Truth", "Style"], mode: "pair" },
  });
});
