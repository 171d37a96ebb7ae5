import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { exporters } from "../../datasets/snapshots/snapshot";
import { judge, progress } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { exclude } from "./exclude";
import { diagnose } from "./queue-data-checks";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 2);
});

test("what is left out is neither judged nor exported, until it is taken in again", async () => {
  const queue = await importRows("ill", [
    { prompt: "Who?", answers: ["He.", "She did it."] },
    { prompt: "who?", answers: ["she did it.", "he."] },
    { prompt: "Where?", answers: ["mail me@home.example", "There."] },
    { prompt: "Rank these.", answers: ["one", "two", "three"] },
  ]);
  for (const { id, answers } of takeTasks(1, queue, 3, 0)) {
    const longer = answers[0]!.text.length > answers[1]!.text.length;
    judge(
      1,
      { key: randomUUID(), itemId: id, choice: { kind: longer ? "left" : "right", strength: 1 }, activeMs: 1 },
      0,
    );
  }
  const { pairs, excluded, findings, longerWins } = diagnose(queue);
  expect({ pairs, excluded, longerWins }).toMatchObject({ pairs: 6, excluded: 0, longerWins: { share: 1, pairs: 3 } });
  expect(findings.map(({ check }) => check)).toEqual(["repeated", "private"]);
  const lines = () => exporters.pairs(queue).trim().split("\n").length;
  expect(lines()).toBe(3);
  exclude(1, { itemIds: findings.map(({ itemId }) => itemId), excluded: true, reason: "doctor" }, 0);
  expect(lines()).toBe(1);
  expect(progress(1, queue)).toMatchObject({ total: 2, judged: 1 });
  expect(takeTasks(2, queue, 9, 0).map(({ answers }) => answers.length)).toEqual([2, 3]);
  expect(diagnose(queue)).toMatchObject({ excluded: 2, findings: [{ excluded: true }, { excluded: true }] });

  const [, , , ranking] = exporters.items(queue).trim().split("\n");
  expect(JSON.parse(ranking!)).toMatchObject({ answers: ["one", "two", "three"] });
  const rankingId = takeTasks(2, queue, 9, 0)[1]!.id;
  exclude(1, { itemIds: [rankingId + 1], excluded: true, reason: "any of its pairs" }, 0);
  expect(takeTasks(2, queue, 9, 0)).toHaveLength(1); // all of the ranking is out
  exclude(
    1,
    { itemIds: [rankingId, ...findings.map(({ itemId }) => itemId)], excluded: false, reason: "after all" },
    0,
  );
  expect(lines()).toBe(3);
  expect(takeTasks(2, queue, 9, 0)).toHaveLength(4);
});
