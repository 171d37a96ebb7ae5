// The records browser over a small dataset whose counts can be told by hand.
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { eachRanked } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { annotators } from "../../db/tables/annotators";
import { exclude } from "../data-checks/exclude";
import { putScores } from "../items/item-scores";
import { judge, undoLast } from "../judging/judge";
import type { JudgementInput } from "../judging/judging-schema";
import { returnItems } from "../judging/returns";
import { noteServed } from "../judging/served";
import { tallyOf } from "../judging/tally";
import { sideFor } from "../judging/tasks";
import { rule } from "../review/disputes";
import { listRecords, recordIdsOf } from "./list-records";
import { recordDetailOf } from "./record-detail";
import { tagRecords } from "./record-tags";
import { deleteView, saveView, viewsOf } from "./record-views";
import { filterOf, type RecordFilter, recordFilter, recordSorts, searchOf, usualColumns } from "./records-schema";

let queue: number;
let ids: number[];
/** A vote for the first answer, the second, or neither, by whoever sees them in whichever order. */
function vote(who: number, at: number, says: "first" | "second" | "tie" | "skip", rest: Partial<JudgementInput> = {}) {
  const itemId = ids[at]!;
  const choice =
    says === "tie" || says === "skip"
      ? { kind: says }
      : { kind: says === sideFor(who, itemId) ? ("left" as const) : ("right" as const), strength: 3 };
  judge(who, { key: crypto.randomUUID(), itemId, choice, activeMs: 4200, ...rest }, 1000 + at);
}
const look = (filter: Partial<RecordFilter> = {}, cursor: string | null = null) =>
  listRecords(queue, 1, recordFilter.parse(filter), cursor);
const found = (filter: Partial<RecordFilter>) =>
  recordIdsOf(queue, recordFilter.parse(filter)).map((id) => ids.indexOf(id));

beforeAll(async () => {
  freshDatabase();
  appDb()
    .insert(annotators)
    .values(["Ann", "Ben"].map((name) => ({ name, createdAt: 0 })))
    .run();
  queue = await importRows(
    "records",
    Array.from({ length: 120 }, (_, i) => ({
      prompt: `Question ${i} about ${i === 7 ? "Übermut" : "bread"}`,
      answers: [`yes ${"very ".repeat(i % 5)}much`, `no ${i}`],
      source: i % 3 === 0 ? "chat" : "mail",
      writers: ["small", i % 2 === 0 ? "large" : "huge"],
    })),
  );
  ids = tallyOf(queue).tasks.map(({ id }) => id);
  for (const who of [1, 2])
    noteServed(
      who,
      ids.map((id) => ({ id, mirror: false })),
    );
  vote(1, 0, "first", { rationale: "the crust is described", tags: ["clearer"] });
  vote(2, 0, "first");
  vote(1, 1, "first");
  vote(2, 1, "second", { rewrite: "A sourdough answer" });
  vote(1, 2, "tie");
  vote(1, 3, "skip");
  vote(1, 4, "second", { rationale: "taken back tomorrow" });
  undoLast(1, queue, crypto.randomUUID(), 5000);
  exclude(1, { itemIds: [ids[5]!], excluded: true, reason: "test" }, 0);
  returnItems(2, [ids[0]!], "look again", 6000);
});

test("U3: records are counted by status, annotator and vote, each as without the filter of its own kind", () => {
  const { total, matching, facets } = look();
  expect([total, matching]).toEqual([120, 120]);
  const counts = (name: keyof NonNullable<typeof facets>, filter: Partial<RecordFilter> = {}) =>
    Object.fromEntries(look(filter).facets![name].map(({ label, count }) => [label, count]));
  // voted on: 0, 1, 2 (and 3 skipped); excluded: 5
  expect(counts("status")).toEqual({
    ...{ open: 116, labelled: 1, tie: 2, disputed: 1, skipped: 1, returned: 1, rewritten: 1, excluded: 1 },
  });
  expect(counts("annotator")).toEqual({ Ann: 4, Ben: 2 });
  expect(counts("said")).toEqual({ clearly: 2, tie: 1, skip: 1 });
  expect(counts("annotator", { said: ["tie"] })).toEqual({ Ann: 1 });
  expect(counts("said", { annotator: [2] })).toEqual({ clearly: 2 });
  expect(counts("status", { status: ["skipped"] })).toEqual(counts("status"));
  expect(counts("annotator", { status: ["skipped"] })).toEqual({ Ann: 1 });
});

test("U3: filters of one kind widen, of several narrow; annotator and vote are of the same vote", () => {
  expect(found({ status: ["disputed", "skipped"] })).toEqual([1, 3]);
  expect(found({ annotator: [2] })).toEqual([0, 1]);
  expect(found({ annotator: [2], said: ["tie"] })).toEqual([]);
  expect(found({ annotator: [1], said: ["tie", "skip"] })).toEqual([2, 3]);
  expect(found({ status: ["labelled"], annotator: [1] })).toEqual([0]);
});

test("U3: search finds prompts, answers, reasons and rewrites of votes that stand, and nothing of another dataset", () => {
  seedQueue(3, 0, "other");
  expect(found({ q: "ubermut" })).toEqual([7]);
  expect(found({ q: '"question 11"' })).toEqual([11, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119]);
  expect(found({ q: "crust described" })).toEqual([0]);
  expect(found({ q: "sourd" })).toEqual([1]);
  expect(found({ q: "tomorrow" })).toEqual([]);
  expect(found({ q: "second" })).toEqual([]);
  expect(found({ q: `#${ids[9]}` })).toEqual([9]);
  expect(found({ q: '"unclosed AND (' })).toEqual([]);
  expect(look({ q: "sourdough" }).facets!.annotator.map(({ label }) => label)).toEqual(["Ann", "Ben"]);
});

test("U3: pages follow each other without a gap or a repeat, in every order", () => {
  for (const sort of recordSorts) {
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page = look({ sort }, cursor);
      seen.push(...page.rows.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(new Set(seen).size, sort).toBe(120);
    expect(seen, sort).toHaveLength(120);
  }
  expect(look({ sort: "updated" }).rows[0]!.id).toBe(ids[4]); // its vote was taken back last
  expect(look({ sort: "disagreement" }).rows[0]!.id).toBe(ids[1]);
  expect(look({ sort: "length" }).rows[0]!.answers.some((text) => text.includes("very very very very"))).toBe(true);
});

test("an address holds the filter; what it says amiss is left out", () => {
  const filter = recordFilter.parse({ q: "a b", status: ["tie", "open"], annotator: [2], sort: "gap", reveal: true });
  expect(filterOf(searchOf(filter))).toEqual(filter);
  expect(filterOf(new URLSearchParams("status=nonsense"))).toEqual(recordFilter.parse({}));
});

test("models, sources and gold are told of a record once one has voted on it, or where they are revealed", () => {
  const detail = (at: number, reveal = false) => recordDetailOf(queue, 1, ids[at]!, recordFilter.parse({ reveal }))!;
  expect(
    detail(0)
      .answers.map(({ model }) => model)
      .sort(),
  ).toEqual(["large", "small"]);
  expect([detail(9).source, ...detail(9).answers.map(({ model }) => model)]).toEqual([null, null, null]);
  expect(detail(9, true).source).toBe("chat");
  expect([look().facets!.source, look().facets!.model]).toEqual([[], []]);
  expect(found({ source: ["chat"] })).toHaveLength(120); // no guessing by filters either
  const revealed = look({ reveal: true }).facets!;
  expect(revealed.source.map(({ label, count }) => [label, count])).toEqual([
    ["mail", 80],
    ["chat", 40],
  ]);
  expect(revealed.model.map(({ label, count }) => [label, count])).toEqual([
    ["small", 120],
    ["large", 60],
    ["huge", 60],
  ]);
});

test("U23: a record shows every vote with who, when, seconds, reason and rewrite, those taken back too", () => {
  const detail = (at: number) => recordDetailOf(queue, 1, ids[at]!, recordFilter.parse({}))!;
  const side = (who: number, at: number) => (sideFor(who, ids[at]!) === "first" ? "left" : "right");
  expect(detail(0).votes).toMatchObject([
    { who: "Ben", choice: { kind: side(1, 0), strength: 3 }, at: 1000, undoneAt: null },
    {
      who: "Ann",
      choice: { kind: side(1, 0), strength: 3 },
      seconds: 4.2,
      reasons: ["clearer", "the crust is described"],
    },
  ]);
  expect(detail(1).votes[0]).toMatchObject({ who: "Ben", rewrite: "A sourdough answer" });
  expect(detail(4).votes).toMatchObject([{ who: "Ann", reasons: ["taken back tomorrow"], undoneAt: 5000 }]);
  expect(detail(5).exclusions).toEqual([{ who: "Ann", at: 0, excluded: true, reason: "test" }]);
  expect(detail(0).returns).toMatchObject([{ who: "Ben", to: "Ann", note: "look again" }, { to: "Ben" }]);
  rule(2, { itemId: ids[1]!, ruling: "neither" }, 7000);
  expect(detail(1).decisions).toEqual([{ who: "Ben", at: 7000, says: "excluded" }]);
  expect(detail(1).statuses).toEqual(["tie", "resolved", "rewritten"]);
});

test("excluding says which records it changed, so that undoing it includes no others", () => {
  expect(exclude(1, { itemIds: [ids[5]!, ids[6]!], excluded: true, reason: "again" }, 0)).toMatchObject([
    { id: ids[6] },
  ]);
  expect(exclude(1, { itemIds: [ids[6]!], excluded: false, reason: "undone" }, 0)).toMatchObject([{ id: ids[6] }]);
  expect(found({ status: ["excluded"] })).toEqual([5]);
});

test("a ranking is one record, whichever of its texts is searched; text without spaces is found within", async () => {
  const rankings = await importRows("rankings", [
    { prompt: "Which?", answers: ["alpha", "beta", "gamma"] },
    { prompt: "面包怎么做？", answers: ["先揉面团", "不知道"] },
  ]);
  const all = (q: string) => listRecords(rankings, 1, recordFilter.parse({ q }), null);
  expect(all("")).toMatchObject({ total: 2, rows: [{ of: 3 }, { of: 2 }] });
  expect(all("gamma").rows.map(({ of }) => of)).toEqual([3]);
  expect(all("面团").rows.map(({ prompt }) => prompt)).toEqual(["面包怎么做？"]);
  const { id } = all("gamma").rows[0]!;
  expect(recordDetailOf(rankings, 1, id + 2, recordFilter.parse({}))).toMatchObject({ id, answers: { length: 3 } });
});

test("facets by range count each bucket as if it were not chosen itself, and narrow the records by their ends", () => {
  const { ranges } = look();
  // the longest answers are "yes very very very very much", of 28 characters; every vote took 4.2 s, on the first day of 1970
  expect(ranges).toMatchObject({
    length: [{ value: "..99", count: 120 }],
    seconds: [{ value: "..5", count: 4 }],
    voted: [{ value: "1970-01-01..1970-01-01" }],
  });
  expect(found({ length: "28.." })).toEqual(ids.flatMap((_, i) => (i % 5 === 4 ? [i] : [])));
  expect(found({ length: "..7" })).toEqual([]);
  expect(found({ seconds: "4..5" })).toEqual([0, 1, 2, 3]);
  expect(found({ voted: "1970-01-02.." })).toEqual([]);
  const narrowed = look({ seconds: "60..", status: ["skipped"] });
  expect(narrowed.matching).toBe(0);
  expect(narrowed.ranges).toMatchObject({ seconds: [{ value: "..5", count: 1 }], length: [] });
  expect(filterOf(new URLSearchParams("length=3..&voted=1970-01-01..")).length).toBe("3..");
  expect(filterOf(new URLSearchParams("length=long")).length).toBe("");
});

test("a label's probability is the exports' p_chosen; it and the gap between rewards are ranges to filter by", () => {
  const [row] = look({ status: ["labelled"] }).rows;
  const [exported, ...others] = [...eachRanked(queue)];
  expect(others).toEqual([]);
  expect(row!.p!.toFixed(4)).toBe(exported!.p_chosen.toFixed(4));
  expect(row!.p!).toBeGreaterThan(0.75); // two who agree are surer than one of whom nothing is known
  expect(look({ status: ["open"] }).rows.at(-1)!.p).toBeNull();
  expect([found({ p: "0.76..1" }), found({ p: "..0.75" })]).toEqual([[0], []]);
  putScores(
    [
      { id: ids[10]!, first: 1, second: -0.5 },
      { id: ids[11]!, first: -3, second: 2 },
    ],
    "run:rm",
    0,
  );
  expect(found({ gap: "1.25..2" })).toEqual([10]);
  expect(look({ gap: "5.." }).rows.map(({ id, gap }) => [id, gap])).toEqual([[ids[11], 5]]);
  expect(look().ranges!.gap).toEqual([
    { value: "1..2", count: 1 },
    { value: "4..", count: 1 },
  ]);
});

test("the columns of a table are part of its address", () => {
  const search = searchOf(recordFilter.parse({ columns: ["label", "gap"] }));
  expect(search.toString()).toBe("columns=label.gap");
  expect(filterOf(search).columns).toEqual(["label", "gap"]);
  expect(filterOf(new URLSearchParams("columns=")).columns).toEqual([]);
  expect(filterOf(new URLSearchParams()).columns).toEqual([...usualColumns]);
});

test("a tag is put on many records at once, filters and counts them, and is taken off where it was", () => {
  const tag = (at: number[], tagged: boolean) =>
    tagRecords(tallyOf(queue), 1, { itemIds: at.map((i) => ids[i]!), tag: "check", tagged }, 9).map((id) =>
      ids.indexOf(id),
    );
  expect(tag([0, 2], true)).toEqual([0, 2]);
  expect(tag([0, 5], true)).toEqual([5]);
  expect(found({ tag: ["check"] })).toEqual([0, 2, 5]);
  expect(look().facets!.tag).toEqual([{ value: "check", label: "check", count: 3 }]);
  expect(look({ tag: ["check"] }).rows[0]).toMatchObject({ id: ids[0], tags: ["check"] });
  expect(tag([0, 1, 2, 5], false)).toEqual([0, 2, 5]);
  expect(look({ tag: ["check"] })).toMatchObject({ matching: 0, facets: { tag: [{ value: "check", count: 0 }] } });
});

test("views are saved by name, each name once whatever its case, and deleted", () => {
  const search = searchOf(recordFilter.parse({ q: "bread", length: "10..", tag: ["check"] })).toString();
  saveView(queue, 1, { name: "Long ones", search: "q=old" }, 0);
  saveView(queue, 1, { name: "long Ones", search }, 0);
  const [view, ...others] = viewsOf(queue);
  expect(others).toEqual([]);
  expect(filterOf(new URLSearchParams(view!.search))).toMatchObject({ q: "bread", length: "10..", tag: ["check"] });
  deleteView(queue, view!.id);
  expect(viewsOf(queue)).toEqual([]);
});
