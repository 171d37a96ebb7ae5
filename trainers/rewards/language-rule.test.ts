import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eld } from "eld/medium";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { rewardSource } from "../../spec/fields/rewards";
import { languages } from "../../spec/languages";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { silent } from "../run/observer";
import { run } from "../run/train";
import { loadLanguages } from "./language-rule";
import { rulesOf } from "./rules";

const clauses = JSON.parse(readFileSync("data/languages/clauses.json", "utf8")) as Record<
  string,
  { begins: string[]; ends: string[] }
>;
const ruleOf = (code: string) => {
  const [rule] = rulesOf(rewardSource.parse({ rules: { language: { code } } }).rules);
  return (text: string) => rule!.score({ text, ids: [] });
};

test("of 200 sentences of 20 languages at least 95 % score 1 by their own language, and at most 5 % by the next", async () => {
  await loadLanguages();
  const names = Object.keys(clauses);
  const scored = names.flatMap((name, i) => {
    const [own, next] = [ruleOf(name), ruleOf(names[(i + 1) % names.length]!)];
    const { begins, ends } = clauses[name]!;
    return begins.map((begin, j) => `${begin} ${ends[j]}`).map((text) => ({ own: own(text), next: next(text) }));
  });
  expect(scored).toHaveLength(200);
  expect(scored.filter(({ own }) => own === 1).length).toBeGreaterThanOrEqual(190);
  expect(scored.filter(({ next }) => next === 1).length).toBeLessThanOrEqual(10);
});

test("reasoning may be in another language, and what is in none scores 0", async () => {
  await loadLanguages();
  expect(ruleOf("de")("<think>First I think about it in English.</think>Das ist eine ganz andere Frage.")).toBe(1);
  expect(ruleOf("de")("12 + 7 = 19")).toBe(0);
});

test("the languages to choose from are those that can be told", () => {
  expect([...languages]).toEqual(Object.values((eld.info() as { Languages: Record<string, string> }).Languages));
});

test("a run that asks for a language has it told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  const config = runConfig.parse({
    ...{ method: "grpo", model: { source: "tiny" }, output: folder, maxSteps: 1 },
    data: { train: "data/samples/prompts.jsonl", maxRows: 4 },
    grpo: { prompts: 2, numGenerations: 2, maxCompletionLength: 16, reward: { rules: { language: { code: "en" } } } },
  });
  const rows: MetricRow[] = [];
  await run(config, {
    observer: { ...silent, metrics: (row) => void rows.push(row) },
    signal: new AbortController().signal,
  });
  expect(rows.find(({ step }) => step === 1)?.["score/language"]).toBeGreaterThan(0); // tiny writes English
}, 60_000);
