// Whether the reliability of a judge of known noise is recovered beside people: through the real tables, and how often its interval is right.
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { freshDatabase, seedQueue } from "../../../test/database";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { endpointInput } from "../../endpoints/endpoint-schema";
import { addEndpoint, endpointOf } from "../../endpoints/endpoints";
import { judgeOf, storeVote } from "../judges/judges";
import type { Opinion } from "../judges/verdict";
import { judge } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { shownLeft } from "../judging/sides";
import { agreementOf } from "./queue-agreement";
import { prior, reliability, type Vote } from "./reliability";
import { reliabilityInterval } from "./reliability-interval";

beforeAll(() => void freshDatabase());

type Side = "first" | "second";
const other = (side: Side): Side => (side === "first" ? "second" : "first");

test("a judge of known noise beside people is recovered within its interval", () => {
  const [pairs, people, accuracy, biased] = [300, [0.85, 0.75, 0.65], 0.8, 0.2];
  const queue = seedQueue(pairs, people.length, "simulated");
  const random = createRandom("a judge beside people");
  const ids = people.map((_, i) => takeTasks(i + 1, queue, pairs, 0))[0]!.map(({ id }) => id);
  const noisy = (right: Side, a: number): Side => (random() < a ? right : other(right));
  const judgeId = judgeOf(
    endpointOf(addEndpoint(endpointInput.parse({ name: "noisy", baseUrl: "http://127.0.0.1/v1", model: "m" }), 0)),
    0,
  );
  const opinion = (verdict: Side): Opinion => ({ verdict, strength: 1, reason: "so", aspects: {} });
  const expected = { right: 0, sided: 0, same: 0, agreed: 0, met: 0, firstShown: 0 };
  for (const [i, itemId] of ids.entries()) {
    const right: Side = random() < 0.5 ? "first" : "second";
    const said = people.map((a, person) => {
      const side = random() < a ? right : other(right);
      const choice = { kind: shownLeft(person + 1, itemId) === side ? "left" : "right", strength: 1 } as const;
      judge(person + 1, { key: `${person}/${i}`, itemId, choice, activeMs: 1 }, 0);
      return side;
    });
    // one opinion of the pair, but for some pairs whatever is shown first: then both orders disagree, and the vote is a tie
    const isBiased = random() < biased;
    const view = noisy(right, accuracy);
    const orders: [Side, Side] = isBiased ? ["first", "second"] : [view, view];
    storeVote(judgeId, itemId, { opinions: [opinion(orders[0]), opinion(orders[1])], cost: 0.001 }, 0);
    expected.met += said.length;
    expected.firstShown += Number(orders[0] === "first") + Number(orders[1] === "second");
    if (isBiased) continue;
    expected.same++;
    expected.right += Number(view === right);
    expected.agreed += said.filter((side) => side === view).length;
  }
  const { judges, raters } = agreementOf(queue);
  expect(judges.length).toBe(1);
  const [{ reliability: found, ...own }] = judges as [(typeof judges)[number]];
  expect(own).toMatchObject({ judged: pairs, ties: pairs - expected.same, cost: expect.closeTo(0.001 * pairs, 9) });
  expect(own.agreement!.value).toBeCloseTo(expected.agreed / expected.met, 12);
  expect(own.consistency!.value).toBeCloseTo(expected.same / pairs, 12);
  expect(own.left!.value).toBeCloseTo(expected.firstShown / (2 * pairs), 12);
  expect(found!.low).toBeLessThan(accuracy);
  expect(found!.high).toBeGreaterThan(accuracy);
  expect(found!.high - found!.low).toBeLessThan(0.2); // an interval that says something
  // the people are weighed as if there were no judge
  expect(raters.map(({ reliability }) => reliability!.toFixed(6))).toEqual(
    peopleAlone(queue, people.length).map((a) => a.toFixed(6)),
  );
});

/** The reliability of annotators 1, 2, … from their own votes. */
function peopleAlone(queue: number, people: number): number[] {
  const rows = appDb().select({ id: items.id }).from(items).where(eq(items.queueId, queue)).all();
  const ids = new Set(rows.map(({ id }) => id));
  const votes = appDb().all<{ item: number; annotator: number; verdict: string }>(
    "SELECT item_id AS item, annotator_id AS annotator, verdict FROM judgements ORDER BY item_id",
  );
  const { accuracy } = reliability(
    votes
      .filter(({ item, annotator }) => ids.has(item) && annotator <= people)
      .map(({ item, annotator, verdict }) => ({ item, annotator, first: verdict === "first" })),
  );
  return Array.from({ length: people }, (_, i) => accuracy.get(i + 1)!);
}

test("the interval of a judge has its accuracy in it in about 95 of 100 simulated datasets", () => {
  const random = createRandom("coverage");
  const simulated = (accuracies: number[], pairs: number): Vote[] =>
    Array.from({ length: pairs }, (_, item) => {
      const right = random() < 0.5;
      return accuracies.map((a, annotator) => ({ item, annotator, first: random() < a ? right : !right }));
    }).flat();
  let covered = 0;
  const rounds = 300;
  for (let round = 0; round < rounds; round++) {
    const truth = 0.55 + 0.35 * random();
    const { low, high } = reliabilityInterval(simulated([0.85, 0.75, 0.65, truth], 150), 3)!;
    covered += Number(low <= truth && truth <= high);
  }
  const spread = Math.sqrt(0.95 * 0.05 * rounds);
  expect(Math.abs(covered - 0.95 * rounds)).toBeLessThan(4 * spread);
});

test("whoever stands alone is known no better than the prior says", () => {
  const found = reliabilityInterval(
    [0, 1, 2].map((item) => ({ item, annotator: 7, first: item > 0 })),
    7,
  )!;
  // alone the votes say nothing: the curvature of log Beta(4, 2) in logits at its peak a = 3/4 is (3 + 1) · a(1 − a)
  const [a, n] = [0.75, prior.right + prior.wrong - 2];
  const half = 1.959964 / Math.sqrt(n * a * (1 - a));
  const at = (x: number) => 1 / (1 + Math.exp(-x));
  expect(found.value).toBeCloseTo(a, 6);
  expect(found.low).toBeCloseTo(at(Math.log(3) - half), 4);
  expect(found.high).toBeCloseTo(at(Math.log(3) + half), 4);
  expect(reliabilityInterval([], 7)).toBeNull();
});
