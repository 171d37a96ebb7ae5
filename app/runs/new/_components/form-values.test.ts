import { expect, test } from "vitest";
import type { TrainingSet } from "@/lib/runs/run-schema";
import type { Method } from "@/spec/config";
import type { LabelKind } from "@/spec/label-kinds";
import { methodOf } from "@/spec/methods/all";
import { rowWords } from "./form-values";

const set = (holds: LabelKind, rows: number, pairs: number): TrainingSet => ({
  ...{ kind: "labelled", id: 1, name: "mine", about: "" },
  ...{ holds, rows, pairs, imitated: holds === "stepwise" ? 7 : rows },
});

test.each<[Method, LabelKind, number, string]>([
  ["dpo", "pairs", 10, "pairs"],
  ["kto", "pairs", 20, "answers"], // a pair is a good answer and a bad one
  ["sft", "pairs", 10, "chosen answers"],
  ["dpo", "rankings", 34, "pairs"],
  ["listwise", "rankings", 10, "rankings"],
  ["kto", "unpaired", 10, "answers"],
  ["ppo", "rankings", 10, "prompts"],
  ["iterative-dpo", "sft", 10, "prompts"],
  ["grpo", "prompts", 10, "prompts"],
  ["kto", "stepwise", 10, "answers"],
  ["sft", "text", 10, "texts"],
  ["sft", "stepwise", 7, "solutions without a wrong step"],
])("DA: %s learns from %s as it reads them: %i %s", (method, holds, count, words) => {
  const rows = set(holds, 10, holds === "pairs" ? 10 : 34);
  expect(methodOf({ method }).counted(rows)).toEqual({ count, words });
  expect(rowWords(method, rows)).toContain(`Here: ${count} ${words}.`);
});

test("DA: a method that does not read the chosen set makes no promise about it", () => {
  expect(rowWords("dpo", set("unpaired", 10, 0))).toBe("");
});
