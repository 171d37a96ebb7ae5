import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { listRow } from "../../../common/rows/rows";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { judge } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { exportCounts } from "./export-counts";
import { createFreezer, rowsFor } from "./freezer";
import { eachRanking, type RankedAnswers } from "./rankings";
import { exporters } from "./snapshot";

test("records leave as rankings: one annotator's order, several people's by what each two answers come to, and a pair as one of two", async () => {
  freshDatabase();
  seedQueue(0, 3);
  const queue = await importRows("rankings", [
    { prompt: "p", answers: ["one", "two", "three"] },
    { prompt: "q", answers: ["left", "right"] },
    { prompt: "r", answers: ["a", "b", "c"] },
    { prompt: "s", answers: ["x", "y", "z"] },
  ]);
  const rank = (annotator: number, ...order: string[][]) => {
    const task = takeTasks(annotator, queue, 10, 0).find(({ answers }) =>
      answers.some(({ text }) => text === order[0]![0]),
    )!;
    const tiers = order.map((tier) => tier.map((text) => task.answers.findIndex((answer) => answer.text === text)));
    const left = task.answers[0]!.text === order[0]![0];
    const choice =
      task.answers.length > 2
        ? ({ kind: "ranking", tiers } as const)
        : ({ kind: left ? "left" : "right", strength: 3 } as const);
    judge(annotator, { key: randomUUID(), itemId: task.id, choice, activeMs: 1 }, 0);
  };
  rank(1, ["two"], ["one", "three"]);
  rank(1, ["right"]);
  rank(1, ["a"], ["b"], ["c"]);
  rank(2, ["a"], ["b"], ["c"]);
  rank(3, ["b"], ["a"], ["c"]);
  rank(1, ["x", "y", "z"]); // decides nothing
  const told = ({ prompt, completions, ranks, n_raters }: RankedAnswers) => [
    prompt[0]!.content,
    completions.map(([{ content }]) => content),
    ranks,
    n_raters,
  ];
  expect([...eachRanking(queue)].map(told)).toEqual([
    ["p", ["one", "two", "three"], [2, 1, 2], 1],
    ["q", ["left", "right"], [2, 1], 1],
    ["r", ["a", "b", "c"], [1, 2, 3], 3],
  ]);
  expect(exportCounts(queue).rankings).toBe(3);
  const back = exporters.rankings(queue).trim().split("\n");
  expect(back.map((line) => listRow.parse(JSON.parse(line)).ranks)).toEqual([
    [2, 1, 2],
    [2, 1],
    [1, 2, 3],
  ]);
});

test("listwise DPO is given whole rankings of what is annotated, and every other method pairs", () => {
  expect([
    rowsFor("queue", { method: "listwise" }),
    rowsFor("queue", { method: "dpo" }),
    rowsFor("rewrites", { method: "sft" }),
  ]).toEqual(["rankings", "pairs", "rewrites"]);
  expect(createFreezer(0)(seedQueue(1, 0, "nothing"), "rankings")).toBeNull(); // nothing is decided
});
