import { expect, test } from "vitest";
import { nearDuplicates } from "../../common/min-hash";
import { createRandom } from "../../common/random";
import type { Tokens } from "../data/tokenize";
import { preflight } from "./preflight";

const row = (prompt: number[], answer: number[]): Tokens => ({
  input_ids: [...prompt, ...answer],
  completion_mask: [...prompt.map(() => 0), ...answer.map(() => 1)],
});
const pair = (prompt: number[], chosen: number[], rejected: number[]) => [row(prompt, chosen), row(prompt, rejected)];

test("names each fault of a set by its count", () => {
  const train = [
    pair([1], [10, 11], [12, 13]),
    pair([1], [10, 11], [12, 13]), // the same again
    pair([1], [12, 13], [10, 11]), // the other way round
    pair([2], [20], [20]), // says nothing
    pair([3], [30, 31, 32, 33], [34]), // reaches the limit of 5
  ];
  const report = preflight(train, [pair([3], [35], [36])], 5);
  expect(report).toMatchObject({
    rows: { train: 5, heldOut: 1 },
    tokens: { median: 3, longest: 5 },
    atLimit: 1,
    duplicates: { exact: 1 },
    contradictions: 3,
    identical: 1,
    leaking: 1,
    chosenLonger: { share: 1, pairs: 1 },
  });
  expect(report.warnings.map((warning) => warning.split(" ").slice(0, 2).join(" "))).toEqual([
    "1 sequences",
    "1 of",
    "3 pairs",
    "1 pairs",
    "1 of",
  ]);
});

test("a set without faults has no warning, and answers alone no length skew", () => {
  const rows = Array.from({ length: 20 }, (_, i) => [row([i], [100 + i, 200 + i])]);
  expect(preflight(rows, [[row([50], [60, 61])]], 100)).toMatchObject({
    chosenLonger: null,
    contradictions: 0,
    warnings: [],
  });
});

test("length skew is reported once its interval is clear of chance", () => {
  const set = (count: number) => Array.from({ length: count }, (_, i) => pair([i], [i, 7, 8, 9], [i + 1000, 5]));
  expect(preflight(set(4), [], 100).warnings).toEqual([]); // Wilson's lower bound of 4 in 4 is 0.51
  expect(preflight(set(40), [], 100).warnings[0]).toContain("the longer one in 100 %");
});

test("near-duplicates: one changed token of sixty is found, other text is not", () => {
  const random = createRandom(7, "min-hash");
  const text = () => Array.from({ length: 60 }, () => Math.floor(random() * 5000));
  const originals = Array.from({ length: 50 }, text);
  const changed = originals.slice(0, 10).map((ids) => ids.with(59, 9999));
  expect(nearDuplicates([...originals, ...changed])).toBe(10);
  expect(nearDuplicates(originals)).toBe(0);
});
