// Nobody's request waits while the votes of a long queue are counted.
import { beforeAll, expect, test, vi } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { tallyOf } from "../judging/tally";
import { disputesOf, rule } from "../review/disputes";
import { asText, fromText, statisticsOf } from "./queue-statistics";
import { queueStatistics } from "./run-statistics";

const program = vi.hoisted(() => ({ asked: [] as string[][], answer: (_: string) => {} }));
const weigh = vi.hoisted(() => vi.fn());
vi.mock("../agreement/reliability", async (original) => {
  const own = await original<typeof import("../agreement/reliability")>();
  weigh.mockImplementation(own.reliability);
  return { ...own, reliability: weigh };
});
vi.mock("../../jobs/workbench", () => ({
  workbench: (args: string[]) => {
    program.asked.push(args);
    return new Promise<string>((resolve) => {
      program.answer = resolve;
    });
  },
}));

let queue: number;
let given = 0;
const vote = (annotatorId: number, itemId: number, verdict: "first" | "second") =>
  appDb()
    .insert(judgements)
    .values({
      key: `k${given++}`,
      annotatorId,
      itemId,
      kind: "vote",
      verdict,
      strength: 2,
      shownLeft: "first",
      activeMs: 1,
      createdAt: 0,
    })
    .run();
beforeAll(() => {
  freshDatabase();
  queue = seedQueue(300, 2);
});

test("F5b, P4: few votes are counted at once, many by a program of its own, and again only after a vote", async () => {
  const ids = appDb().select({ id: items.id }).from(items).all();
  vote(1, ids[0]!.id, "first");
  expect((await queueStatistics(queue)).agreement.raters).toMatchObject([{ id: 1, judged: 1 }]);
  expect(program.asked).toEqual([]);

  appDb().transaction(() => {
    for (const { id } of ids.slice(1)) vote(1, id, "first");
    for (const { id } of ids) vote(2, id, id % 2 === 0 ? "first" : "second");
  });
  const first = queueStatistics(queue);
  vote(3 - 1, ids[0]!.id, "first"); // somebody votes meanwhile: still one program
  expect(queueStatistics(queue)).toBe(first);
  expect(program.asked).toEqual([["statistics", String(queue)]]);
  const made = statisticsOf(queue);
  program.answer(asText(made));
  expect(await first).toEqual(made);

  const second = queueStatistics(queue); // for the vote that came meanwhile
  program.answer(asText(made));
  await second;
  expect(await queueStatistics(queue)).toEqual(made);
  for (const ruling of ["left", "withdrawn"] as const) rule(1, { itemId: ids[0]!.id, ruling }, 0); // says nothing of who gave votes
  expect(await queueStatistics(queue)).toEqual(made);
  expect(program.asked).toHaveLength(2);
});

test("F5b, P4: a statistic that cannot be told reaches the page as such, and a person may be called NaN", () => {
  const { agreement } = statisticsOf(queue);
  const odd = { value: Number.NaN, low: Number.NaN, high: 1 };
  const [rater] = agreement.raters;
  const statistics = {
    agreement: {
      ...agreement,
      raters: [{ ...rater!, name: "NaN" }],
      measures: { ...agreement.measures!, percent: odd },
    },
    ratings: [],
  };
  expect(fromText(asText(statistics))).toEqual(statistics);
});

test("P4: a reviewer is shown fifty disagreements at a time, the least certain first, and those ruled on to go back to", () => {
  expect(tallyOf(queue).disputes.all).toBeGreaterThan(100);
  const shown = disputesOf(queue, 1);
  expect(shown).toHaveLength(50);
  expect(shown.every(({ ruling }) => ruling === null)).toBe(true);
});

test("P4: the votes are weighed once for all looks at the disagreements, and anew only after a vote", () => {
  weigh.mockClear();
  const [open] = disputesOf(queue, 1);
  rule(1, { itemId: open!.id, ruling: "left" }, 0);
  expect(disputesOf(queue, 1).filter(({ ruling }) => ruling === "left")).toHaveLength(1);
  expect(weigh).toHaveBeenCalledTimes(0);
  vote(2, open!.id, "first");
  disputesOf(queue, 1);
  expect(weigh).toHaveBeenCalledTimes(1);
});
