// The real model out of its GGUF file: weights, row order, tokenizer and template must all be right for this to be answered.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { createSampler } from "../inference/sampling";
import { loadModel } from "./load";

test("answers ten prompts greedily with Transformers' tokens, by both ways of sampling, and in bfloat16 with sense", async () => {
  const { rows } = JSON.parse(readFileSync("data/golden/smollm2-greedy.json", "utf8")) as {
    rows: { prompt: number[]; completion: number[] }[];
  };
  const exact = await loadModel({ source: "smollm2-135m-instruct", dtype: "float32" });
  const { eos, ends, pad } = exact.tokenizer;
  expect(pad).not.toBe(eos);
  const options = { maxNewTokens: 64, temperature: 0, ends, pad };
  const streams = rows.map((_, i) => `${i}`);
  const prompts = rows.map(({ prompt }) => prompt);
  const answers = createSampler(exact.model, null)(prompts, { ...options, streams });
  expect(answers.map(({ ids }) => ids)).toEqual(rows.map(({ completion }) => completion));

  vi.stubEnv("WORKBENCH_NATIVE", "off");
  const few = { ...options, maxNewTokens: 16, streams: ["0", "1"] };
  const plain = createSampler(exact.model, null)(prompts.slice(0, 2), few);
  vi.unstubAllEnvs();
  for (const [row, { ids, logProbs }] of plain.entries()) {
    expect(answers[row]!.ids.slice(0, ids.length)).toEqual(ids);
    for (const [i, logProb] of logProbs.entries())
      expect(Math.abs(answers[row]!.logProbs[i]! - logProb)).toBeLessThan(1e-4);
  }

  const narrow = await loadModel({ source: "smollm2-135m-instruct", dtype: "bfloat16" });
  const [answer] = createSampler(narrow.model, null)(prompts.slice(0, 1), { ...options, streams: ["0"] });
  expect(narrow.tokenizer.decode(answer!.ids)).toContain("Paris");
  expect(answer!.ended).toBe(true);
});

test("loading its weights in float32 takes at most a tenth more memory than they have", () => {
  const said = execFileSync(process.execPath, ["--import", "tsx", "test/loading-memory.ts", "smollm2-135m-instruct"]);
  const { weights, more } = JSON.parse(String(said)) as { weights: number; more: number };
  expect(weights).toBeGreaterThanOrEqual(4 * 134_515_008);
  expect(more).toBeLessThanOrEqual(1.1 * weights);
});
