import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { judge } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { agreementOf } from "./queue-agreement";
import { teamOf } from "./team";

let [first, second] = [0, 0];
beforeAll(() => {
  freshDatabase();
  first = seedQueue(6, 3, "first");
  second = seedQueue(2, 0, "second");
});

const kinds = { t: "tie", b: "both_bad", s: "skip" } as const;

/** The annotator's votes on the first records of a dataset, one letter each: t tie, b both bad, s skip. */
function annotate(annotator: number, dataset: number, said: string, seconds: number): void {
  for (const [i, { id }] of takeTasks(annotator, dataset, said.length, 0).entries()) {
    const choice = { kind: kinds[said[i] as keyof typeof kinds] };
    judge(annotator, { key: `${annotator}/${id}`, itemId: id, choice, activeMs: 1000 * (seconds + i) }, 10 * annotator);
  }
}

test("the team's page sums what each annotated over all datasets, their median time, and how often others said the same", () => {
  annotate(1, first, "ttbbts", 2);
  annotate(2, first, "tbbt", 5);
  annotate(1, second, "t", 100);
  const [one, two, three] = teamOf();
  expect(one).toMatchObject({
    name: "rater 1",
    annotated: 6, // the skipped one is not
    seconds: 5, // of 2, 3, 4, 5, 6, 100
    lastAt: 10,
    datasets: [
      { name: "first", annotated: 5 },
      { name: "second", annotated: 1 },
    ],
  });
  expect(one!.agreement).toMatchObject({ value: 2 / 4, n: 4 });
  expect(two).toMatchObject({ name: "rater 2", annotated: 4, seconds: 7, lastAt: 20 });
  expect(three).toMatchObject({ name: "rater 3", annotated: 0, seconds: null, agreement: null, lastAt: null });
  const { raters } = agreementOf(first); // of the one dataset where both were
  expect([one!.agreement, two!.agreement]).toEqual(raters.map(({ agreement }) => agreement));
});

test("what was annotated in a deleted dataset is on nobody's account", () => {
  appDb().update(queues).set({ deletedAt: 1 }).where(eq(queues.id, second)).run();
  expect(teamOf()[0]).toMatchObject({ annotated: 5, datasets: [{ name: "first" }] });
});
