// Two raters who disagree, and a reviewer: the ruling decides what is trained on, nothing is overwritten, and it can be taken back.
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../../test/database";
import { exportQueue } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { rulings } from "../../db/tables/rulings";
import { judge } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { shownLeft } from "../judging/sides";
import { decidedItems } from "../judging/standing-votes";
import { disputesOf, rule } from "./disputes";

let queue: number;
let ids: number[];
beforeAll(() => {
  freshDatabase();
  queue = seedQueue(4, 3);
  [ids] = [1, 2].map((annotator) => takeTasks(annotator, queue, 4, 0).map(({ id }) => id)) as [number[], number[]];
});

function vote(
  annotator: number,
  itemId: number,
  wanted: "first" | "second" | "tie",
  strength = 2,
  reasons: { rationale?: string; tags?: string[] } = {},
): void {
  const side = wanted === shownLeft(annotator, itemId) ? "left" : "right";
  const choice = wanted === "tie" ? ({ kind: "tie" } as const) : ({ kind: side, strength } as const);
  judge(annotator, { key: randomUUID(), itemId, choice, activeMs: 1, ...reasons }, 0);
}
const left = (itemId: number) => shownLeft(3, itemId);
const towards = (itemId: number, wanted: "first" | "second") => (left(itemId) === wanted ? "left" : "right");
const decided = (itemId: number) => [...decidedItems(queue)].find(({ item }) => item.id === itemId);

test("disputes are pairs on which people differ, without names; what all agree on is none", () => {
  const [agreed, split, tied] = ids as [number, number, number];
  for (const annotator of [1, 2]) vote(annotator, agreed, "first");
  vote(1, split, "first", 4, { rationale: "it is right", tags: ["clearer"] });
  vote(2, split, "second", 1);
  vote(1, tied, "tie");
  vote(2, tied, "second");
  const disputes = disputesOf(queue, 3);
  expect(new Set(disputes.map(({ id }) => id))).toEqual(new Set([split, tied]));
  const one = disputes.find(({ id }) => id === split)!;
  expect(one.votes).toEqual([
    { side: towards(split, "first"), strength: 4, wrongStep: null, reasons: ["clearer", "it is right"] },
    { side: towards(split, "second"), strength: 1, wrongStep: null, reasons: [] },
  ]);
  expect(JSON.stringify(one)).not.toContain("rater");
});

test("a ruling decides against the votes, with them, or for neither; withdrawn, the votes decide again", () => {
  const split = ids[1]!;
  expect(decided(split)).toMatchObject({ balance: 3, ruled: false });
  rule(3, { itemId: split, ruling: towards(split, "second") }, 1);
  expect(decided(split)).toMatchObject({ balance: -2, ruled: true }); // barely, by two raters: the votes lean the other way
  expect(exportQueue(queue)).toContain('"p_chosen":1,');
  rule(3, { itemId: split, ruling: towards(split, "first") }, 2);
  expect(decided(split)).toMatchObject({ balance: 3, ruled: true });
  rule(3, { itemId: split, ruling: "neither" }, 3);
  expect(decided(split)).toBeUndefined();
  expect(disputesOf(queue, 3).map(({ id, ruling }) => [id, ruling])).toEqual([
    [ids[2], null], // those without a ruling first
    [split, "neither"],
  ]);
  rule(3, { itemId: split, ruling: "withdrawn" }, 4);
  expect(decided(split)).toMatchObject({ balance: 3, ruled: false });
  expect(appDb().select().from(rulings).all()).toHaveLength(4);
});
