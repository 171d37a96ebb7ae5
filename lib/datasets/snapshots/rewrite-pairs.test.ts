import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { pairsRow } from "../../../common/rows/rows";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { judge } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { tallyOf } from "../../annotation/judging/tally";
import { changeQueue } from "../../annotation/queues/list-queues";
import { exportCounts } from "./export-counts";
import type { RankedRow } from "./export-formats";
import { createFreezer } from "./freezer";
import { eachRanking } from "./rankings";
import { eachForKto, eachPair, exporters } from "./snapshot";

const texts = ({ prompt, chosen, rejected }: RankedRow) =>
  [prompt, chosen, rejected].map((turns) => turns[0]!.content).join(" | ");

test("a rewrite becomes a pair over each answer where the dataset says so, and not before", async () => {
  freshDatabase();
  seedQueue(0, 2);
  const queue = await importRows("written", [
    { prompt: "p", answers: ["one", "two"] },
    { prompt: "q", answers: ["left", "right"] },
    { prompt: "r", answers: ["a", "b", "c"] },
    { prompt: "s", answers: ["same", "other"] },
  ]);
  const write = (who: number, prompt: string, rewrite: string, prefers: string | null) => {
    const task = takeTasks(who, queue, 10, 0).find(({ prompt: [turn] }) => turn!.content === prompt)!;
    const isLeft = task.answers[0]!.text === prefers;
    const choice =
      prefers === null ? ({ kind: "both_bad" } as const) : ({ kind: isLeft ? "left" : "right", strength: 3 } as const);
    judge(who, { key: randomUUID(), itemId: task.id, choice, rewrite, rationale: "mine", activeMs: 1 }, 0);
  };
  write(1, "p", "better", "one");
  write(2, "p", "better", "one"); // the same text again says nothing more
  write(1, "q", "good", null);
  write(1, "r", "best", null);
  write(1, "s", "same", "same"); // what stands there is nobody's rewrite
  const voted = ["p | one | two", "s | same | other"];
  const before = tallyOf(queue).decided;
  expect([...eachPair(queue)].map(texts)).toEqual(voted);
  expect(exportCounts(queue)).toMatchObject({ pairs: 2, rankings: 2 });

  changeQueue(queue, 1, { rewritePairs: true }, 0);
  const written = ["p | better | one", "p | better | two", "q | good | left", "q | good | right"];
  const expected = [...voted, ...written, "r | best | a", "r | best | b", "r | best | c"];
  expect([...eachPair(queue)].map(texts)).toEqual(expected);
  expect(tallyOf(queue).decided).toBe(before);
  const leave = exporters.pairs(queue).trim().split("\n");
  expect(leave).toHaveLength(exportCounts(queue).pairs);
  expect(leave.map((line) => pairsRow.parse(JSON.parse(line)).pairs.length)).toEqual(expected.map(() => 1));
  expect(JSON.parse(leave[2]!)).toMatchObject({
    labelled_by: "rewrite",
    strength: 1,
    n_raters: 1,
    rationales: ["mine"],
  });
  expect([...eachPair(queue, { raters: 2 })].map(texts)).toEqual(["p | one | two"]); // one wrote it
  expect(createFreezer(0)(queue, "pairs")).not.toBeNull();

  const rankings = [...eachRanking(queue)].map(({ completions, ranks }) => [
    completions.map(([turn]) => turn.content),
    ranks,
  ]);
  expect(rankings).toEqual([
    [
      ["better", "one", "two"],
      [1, 2, 3],
    ],
    [
      ["good", "left", "right"],
      [1, 2, 2],
    ],
    [
      ["best", "a", "b", "c"],
      [1, 2, 2, 2],
    ],
    [
      ["same", "other"],
      [1, 2],
    ],
  ]);
  expect(exportCounts(queue).rankings).toBe(rankings.length);
  const single = exporters
    .kto(queue)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { label: boolean; completion: { content: string }[] });
  expect(single).toHaveLength(exportCounts(queue).kto);
  expect(single.filter(({ completion: [turn] }) => turn!.content === "better").map(({ label }) => label)).toEqual([
    true,
  ]);
  expect(single.filter(({ completion: [turn] }) => turn!.content === "one").map(({ label }) => label)).toEqual([true]); // not bad beside the rewrite
  // A run of KTO keeps pairs as they are, and an answer that people preferred is bad in none of its rows either.
  const labels = [...eachForKto(queue)].flatMap((row) =>
    "label" in row
      ? [[row.completion[0]!.content, row.label]]
      : [
          [row.chosen[0]!.content, true],
          [row.rejected[0]!.content, false],
        ],
  );
  const kto = single.map(({ label, completion: [turn] }) => [turn!.content, label]);
  expect(labels.toSorted()).toEqual(kto.toSorted());
});
