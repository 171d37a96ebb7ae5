import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { render } from "./figures";
import { stepOperations } from "./operations";
import { pairedRatio } from "./statistics";

test("the pages show what the results say", () => {
  const { pages, pictures } = render();
  for (const [page, text] of Object.entries(pages))
    for (const part of [text].flat()) expect(readFileSync(page, "utf8")).toContain(part);
  for (const [path, picture] of Object.entries(pictures)) expect(readFileSync(path, "utf8")).toBe(picture);
});

test("paired ratio: geometric mean, and Student's interval on the logarithms", () => {
  // ratios 2, 8: mean log = log 4; deviation of the logs = log 2·√2; half width = 12.7062·log 2·√2/√2 = 8.8073
  const { ratio, interval } = pairedRatio([2, 8], [1, 1]);
  expect(ratio).toBeCloseTo(4, 10);
  expect(Math.log(interval![1] / 4)).toBeCloseTo(12.7062 * Math.log(2), 3);
  expect(interval![0] * interval![1]).toBeCloseTo(16, 6);
  expect(pairedRatio([3], [1]).interval).toBeNull();
});

test("operations of a step, by hand", () => {
  // SmolLM2: a layer's linears have 2·576² + 2·192·576 + 3·1536·576 = 3,538,944 weights, times 30 = 106,168,320;
  // its adapter 16·(2·(576 + 576) + 2·(192 + 576) + 3·(1536 + 576)) = 162,816 a layer, 4,884,480 in all.
  // One pair of 1 + 1 tokens: 3 tokens, 1 + 2·2 = 5 scores, 2 answer tokens.
  const expected = 3 * (4 * 106_168_320 + 6 * 4_884_480) + 14 * 30 * 576 * 5 + 4 * 49152 * 576 * 2;
  const workload = {
    id: "",
    kind: "dpo",
    model: "smollm2",
    pairs: 1,
    prompt: 1,
    answer: 1,
    steps: 1,
    ways: [],
  } as const;
  expect(stepOperations({ ...workload, ways: [] })).toBe(expected);
});
