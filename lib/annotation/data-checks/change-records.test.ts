// What people do to records that are being annotated: to whom it is seen, and that it can be taken back.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import type { RowChangeInput } from "../../data-checks/changes-schema";
import { checkDataset } from "../../data-checks/check-dataset";
import { findingsFile, reportOfChecks, rowsFound } from "../../data-checks/kept-findings";
import { eventsOf } from "../../datasets/snapshots/queue-events";
import { exporters } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { putScores, scoresOf } from "../items/item-scores";
import { addItems } from "../items/items";
import { judge, progress, undoLast } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { recordIdsOf } from "../records/list-records";
import { recordDetailOf } from "../records/record-detail";
import { recordFilter } from "../records/records-schema";
import { changeRecords } from "./change-records";
import { listRecordVersions, openRecords } from "./record-versions";
import { recordsToCheck } from "./records-to-check";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 2);
});

const change = (id: number, wanted: RowChangeInput, now = 0) => changeRecords({ id, name: "ill" }, wanted, 1, now);
const check = (queue: number) =>
  checkDataset(recordsToCheck(queue), { files: [], names: [], webRules: false }, 7).then(
    () => reportOfChecks({ kind: "queue", id: queue })!,
  );
const found = (queue: number, name: string) => rowsFound({ kind: "queue", id: queue }, name);
const idsOf = (queue: number) => recordIdsOf(queue, recordFilter.parse({}));
const matching = (queue: number, filter: object) => recordIdsOf(queue, recordFilter.parse(filter));
const lines = (queue: number, name: "pairs" | "items" = "pairs") => {
  const text = String(exporters[name](queue)).trim();
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
};
/** Prefers the longer answer of each of the first `count` records. */
function vote(queue: number, count: number) {
  for (const { id, answers } of takeTasks(1, queue, count, 0)) {
    const kind = answers[0]!.text.length > answers[1]!.text.length ? "left" : "right";
    judge(1, { key: randomUUID(), itemId: id, choice: { kind, strength: 1 }, activeMs: 1 }, 0);
  }
}

test("what the checks find is left out, neither judged nor exported, until it is taken in again", async () => {
  const queue = await importRows("ill", [
    { prompt: "Who?", answers: ["He.", "She did it."] },
    { prompt: "who?", answers: ["she did it.", "he."] },
    { prompt: "Where?", answers: ["mail me@home.example", "There."] },
    { prompt: "Rank these.", answers: ["one", "two", "three"] },
  ]);
  vote(queue, 3);
  const report = await check(queue);
  expect(report).toMatchObject({ version: 1, rows: 4, longerWins: { share: 1, pairs: 3 } });
  const [, second, third, ranking] = idsOf(queue) as [number, number, number, number];
  expect([found(queue, "repeated"), found(queue, "private")]).toEqual([[second], [third]]);
  expect(matching(queue, { check: "private" })).toEqual([third]);
  expect(lines(queue)).toHaveLength(3);
  expect(await change(queue, { action: "exclude", of: { check: "repeated" }, reason: "Duplicates" })).toEqual({
    ...{ number: 2, changed: 1, refused: [] },
  });
  await change(queue, { action: "exclude", of: { check: "private" }, reason: "Personal data" });
  expect(openRecords(queue, report)).toEqual({ repeated: 0, private: 0 });
  expect(lines(queue)).toHaveLength(1);
  expect(progress(1, queue)).toMatchObject({ total: 2, judged: 1 });
  // any pair of a ranking stands for all of it, which is one record
  expect(await change(queue, { action: "exclude", of: { rows: [ranking + 1] }, reason: "x" })).toMatchObject({
    changed: 1,
  });
  expect(takeTasks(2, queue, 9, 0)).toHaveLength(1);
  expect(listRecordVersions(queue)[0]).toMatchObject({ number: 4, action: "exclude", rows: 1, who: "rater 1" });
  for (const version of [4, 3, 2]) await change(queue, { action: "undo", version });
  expect([lines(queue).length, takeTasks(2, queue, 9, 0).length]).toEqual([3, 4]);
  await expect(change(queue, { action: "undo", version: 3 })).rejects.toThrow(/undone already/);
  await expect(change(queue, { action: "undo", version: 99 })).rejects.toThrow(/no version 99/);
});

test("what is private in a judged record is masked: exports, annotators and the search have the new text, votes stay, and it can be undone", async () => {
  const queue = await importRows("mail", [
    { prompt: "Where?", answers: ["Write to jane.doe@home.example today.", "There."] },
    { prompt: "When?", answers: ["Now.", "Then, rather."] },
  ]);
  vote(queue, 2);
  await check(queue);
  const [first] = idsOf(queue) as [number];
  const before = lines(queue, "items");
  expect(matching(queue, { q: "doe" })).toEqual([first]);
  expect(matching(queue, { length: "30..39" })).toEqual([first]);
  const found = () => recordDetailOf(queue, 1, first, recordFilter.parse({}))!.findings;
  expect(found()).toEqual([{ check: "private", detail: "email address jane.doe@home.example" }]);
  const done = await change(queue, { action: "mask", of: { check: "private" }, reason: "Personal data" }, 5);
  expect(done).toEqual({ number: 2, changed: 1, refused: [] });
  const masked = "Write to [email address] today.";
  expect(lines(queue)[0]).toMatchObject({ chosen: [{ role: "assistant", content: masked }], n_raters: 1 });
  expect(takeTasks(2, queue, 1, 0)[0]!.answers.map(({ text }) => text)).toContain(masked);
  expect([matching(queue, { q: "doe" }), matching(queue, { q: "address" })]).toEqual([[], [first]]);
  expect("Write to jane.doe@home.example today.").toHaveLength(37);
  expect(masked).toHaveLength(31);
  expect([matching(queue, { length: "35..39" }), matching(queue, { length: "30..34" })]).toEqual([[], [first]]);
  const detail = recordDetailOf(queue, 1, first, recordFilter.parse({}))!;
  expect(detail.votes).toHaveLength(1);
  expect(found()).toEqual([]); // they name the address
  expect(detail.versions).toMatchObject([
    { number: 2, action: "mask", reason: "Personal data", who: "rater 1", at: 5 },
  ]);
  expect(eventsOf(queue).find(({ what }) => what === "texts")).toMatchObject({
    ...{ who: "rater 1", action: "mask", reason: "Personal data" },
    before: { first: "Write to jane.doe@home.example today." },
  });
  const imported = {
    prompt: [{ role: "user", content: "Where?" }],
    answers: ["Write to jane.doe@home.example today.", "There."],
  };
  expect(addItems(queue, [{ ...imported, source: "" }])).toBe(0); // the same file does not bring the address back
  expect(await change(queue, { action: "mask", of: { rows: [first] }, reason: "again" })).toMatchObject({ changed: 0 });
  await change(queue, { action: "undo", version: 2 });
  expect(lines(queue, "items")).toEqual(before);
  expect([lines(queue).length, matching(queue, { q: "doe" })]).toEqual([2, [first]]);
});

test("reasons and rewrites of votes are masked with the record's texts, wherever they are read; events keep what they were, and it can be undone", async () => {
  const queue = await importRows("words", [
    { prompt: "Where?", answers: ["Ask jane.doe@home.example.", "There."] },
    { prompt: "When?", answers: ["Now.", "Then, rather."] },
  ]);
  const [first, second] = idsOf(queue) as [number, number];
  const voted = {
    ...{ key: randomUUID(), itemId: first, choice: { kind: "tie" } as const, activeMs: 1 },
    ...{ rationale: "Better phone +1 415 555 2671.", rewrite: "Mail jane.doe@home.example, or nobody." },
  };
  const undone = { ...voted, key: randomUUID(), itemId: second, rationale: "He is bob@home.example", rewrite: null };
  takeTasks(1, queue, 2, 0);
  judge(1, voted, 0);
  judge(1, undone, 0);
  undoLast(1, queue, randomUUID(), 0);
  await check(queue);
  expect(found(queue, "private")).toEqual([first, second]); // of the second only a reason has an address
  expect(readFileSync(findingsFile({ kind: "queue", id: queue }), "latin1")).toContain("home.example");
  expect([matching(queue, { q: "nobody" }), matching(queue, { q: "doe" })]).toEqual([[first], [first]]);
  await change(queue, { action: "mask", of: { check: "private" }, reason: "Personal data" }, 5);
  const votesOf = (id: number) => recordDetailOf(queue, 1, id, recordFilter.parse({}))!.votes;
  const [rationale, rewrite] = ["Better phone [phone number].", "Mail [email address], or nobody."];
  expect(votesOf(first)).toMatchObject([{ reasons: [rationale], rewrite }]);
  expect(votesOf(second)).toMatchObject([{ reasons: ["He is [email address]"], undoneAt: 0 }]);
  expect([matching(queue, { q: "doe" }), matching(queue, { q: "nobody" })]).toEqual([[], [first]]);
  expect(String(exporters.rewrites(queue))).toContain(rewrite);
  for (const name of ["pairs", "items", "rewrites", "kto"] as const)
    expect(String(exporters[name](queue))).not.toMatch(/jane|bob|2671/);
  expect(readFileSync(findingsFile({ kind: "queue", id: queue }), "latin1")).not.toMatch(/jane|bob|415/);
  expect(listRecordVersions(queue)).toMatchObject([{ number: 2, changed: 2, rows: 2 }]);
  expect(recordDetailOf(queue, 1, second, recordFilter.parse({}))!.versions).toMatchObject([{ number: 2 }]);
  expect(eventsOf(queue).filter(({ what }) => what === "words")).toMatchObject([
    { itemId: first, number: 2, before: { rationale: voted.rationale, rewrite: voted.rewrite } },
    { itemId: second, number: 2, before: { rationale: undone.rationale, rewrite: null } },
  ]);
  expect(judge(1, voted, 0)).toEqual({ extra: false }); // sent again by a browser that knows nothing of it
  await change(queue, { action: "undo", version: 2 });
  expect(votesOf(first)).toMatchObject([{ reasons: [voted.rationale], rewrite: voted.rewrite }]);
  expect(matching(queue, { q: "doe" })).toEqual([first]);
});

test("many records are changed by batches: cancelled, what was done is a version that can be undone", async () => {
  const rows = Array.from({ length: 450 }, (_, i) => ({
    prompt: `${i}?`,
    answers: [`Mail p${i}@home.example`, "No."],
  }));
  const queue = await importRows("many", rows);
  const cancelling = new AbortController();
  const said: string[] = [];
  const says = (line: string) => {
    said.push(line);
    if (said.length === 4) cancelling.abort();
  };
  const mask: RowChangeInput = { action: "mask", of: { rows: idsOf(queue) }, reason: "x" };
  const cancelled = changeRecords({ id: queue, name: "many" }, mask, 1, 0, { says, cancelled: cancelling.signal });
  await expect(cancelled).rejects.toThrow("Cancelled: 400 of 450 records are changed; undo version 2 to restore them.");
  expect(said).toEqual(["100 of 450 records", "200 of 450 records", "300 of 450 records", "400 of 450 records"]);
  const masked = () => matching(queue, { q: "address" }).length;
  expect([masked(), listRecordVersions(queue)]).toMatchObject([400, [{ number: 2, changed: 400, rows: 450 }]]);
  expect(await change(queue, { action: "exclude", of: { rows: idsOf(queue) }, reason: "x" })).toMatchObject({
    changed: 450,
  });
  expect(await change(queue, { action: "undo", version: 2 })).toMatchObject({ number: 4, changed: 400 });
  expect(await change(queue, { action: "undo", version: 3 })).toMatchObject({ number: 5, changed: 450 });
  expect(listRecordVersions(queue).map(({ rows }) => rows)).toEqual([450, 0, 0, 450]);
  expect(masked()).toBe(0);
});

test("an edited ranking has its new text in all of its pairs; an undo leaves alone what was edited again", async () => {
  const queue = await importRows("ranked", [{ prompt: "Rank.", answers: ["one", "two", "three"] }]);
  const [id] = idsOf(queue) as [number];
  const edit = (at: (string | number)[], text: string) =>
    change(queue, { action: "edit", row: id, texts: [{ at, text }], reason: "spelling" });
  await edit(["answers", 1], "2");
  await edit(["prompt", 0, "content"], "Rank these.");
  const pairs = () => appDb().select().from(items).where(eq(items.queueId, queue)).all();
  expect(pairs().map(({ first, second }) => [first, second])).toEqual([
    ["one", "2"],
    ["one", "three"],
    ["2", "three"],
  ]);
  expect(pairs().map(({ prompt }) => prompt[0]!.content)).toEqual(["Rank these.", "Rank these.", "Rank these."]);
  await expect(change(queue, { action: "undo", version: 2 })).rejects.toThrow(/later versions changed its records/);
  await change(queue, { action: "undo", version: 3 });
  await expect(edit(["answers", 0], "three")).rejects.toThrow(/two answers that are the same/);
  await expect(edit(["answers", 0], "")).rejects.toThrow(/an answer without text/);
  await expect(edit(["answers", 7], "x")).rejects.toThrow(/there is no 7/);
  expect(pairs().map(({ first, prompt }) => [first, prompt[0]!.content])[0]).toEqual(["one", "Rank."]);
});

test("a mask that would make two answers one is refused, and says which record", async () => {
  const queue = await importRows("same", [{ prompt: "Who?", answers: ["a@home.example", "b@home.example"] }]);
  const [id] = idsOf(queue) as [number];
  const done = await change(queue, { action: "mask", of: { rows: [id] }, reason: "x" });
  expect(done).toMatchObject({ number: null, changed: 0, refused: [{ row: id }] });
  expect(done.refused[0]!.reason).toMatch(/two answers that are the same then; exclude it/);
});

test("what a reward model said of a text that is masked or edited goes with it, until the pair is scored again", async () => {
  const queue = await importRows("scored", [
    { prompt: "Where?", answers: ["Here.", "There."] },
    { prompt: "When?", answers: ["Now.", "Then."] },
  ]);
  const [edited, other] = idsOf(queue) as [number, number];
  putScores(
    [edited, other].map((id) => ({ id, first: 2, second: 0.5 })),
    "run",
    0,
  );
  const gaps = () => matching(queue, { gap: "1.5..1.5" });
  expect(gaps()).toEqual([edited, other]);
  await change(queue, {
    action: "edit",
    row: edited,
    texts: [{ at: ["answers", 0], text: "Over here." }],
    reason: "x",
  });
  expect(gaps()).toEqual([other]);
  expect(scoresOf({ id: edited })).toBe(null);
  putScores([{ id: edited, first: 0, second: 1.5 }], "run", 0); // by a clock that stands still
  expect(gaps()).toEqual([edited, other]);
});
