// Credit and the score of ties against rewardbench 0.1.4's own functions.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bestOfCredit, tiesScore } from "./accuracy";

interface Golden {
  best: { scores: number[]; credit: number }[];
  ties: { rows: { id: string; scores: number[]; num_correct: number }[]; score: number }[];
}
const golden = JSON.parse(readFileSync("data/golden/preference-accuracy.json", "utf8")) as Golden;

test.each(golden.best)("the first of $scores gets $credit", ({ scores, credit }) => {
  expect(bestOfCredit({ scores, ranks: scores.map((_, i) => (i === 0 ? 1 : 2)) })).toBeCloseTo(credit, 12);
});

test.each(golden.ties)("ties score $score", ({ rows, score }) => {
  const own = rows.map(({ id, scores, num_correct: right }) => {
    const [kind, question] = id.split(":") as ["ref" | "tied", string];
    return { kind, question, scores, ranks: scores.map((_, i) => (i < right ? 1 : 2)) };
  });
  expect(tiesScore(own)).toBeCloseTo(score, 12);
});

test("of a pair with equal scores it is half of a right one; of several best ones any may win", () => {
  expect(bestOfCredit({ scores: [1, 1], ranks: [1, 2] })).toBe(0.5);
  expect(bestOfCredit({ scores: [0, 3, 1], ranks: [1, 1, 2] })).toBe(1);
});
