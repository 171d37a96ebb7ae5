import { beforeEach, expect, test } from "vitest";
import { tf } from "../engine/tensorflow";
import { type Pages, pagesFor, pagesOf } from "../inference/pages";
import { pageTokens } from "../models/native-model";
import { type KeptRows, keptRows, type ReadRow } from "./kept-rows";

const range = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
let pages: Pages;
let kept: KeptRows;
beforeEach(() => {
  const keys = tf.zeros([20, 1, 1, pageTokens, 1]);
  pages = pagesOf({ keys, values: keys });
  kept = keptRows(pages);
});

/** A row in which `ids` were read. */
function read(ids: number[], policy = "base"): ReadRow {
  const { row } = kept.empty(policy);
  pages.extend([row], ids.length);
  return { row, policy, ids };
}
const begun = (prompt: number[], written: ReadRow[] = [], policy = "base") => kept.begin(prompt, policy, written);

test("a conversation goes on in the row that has it, of which nothing is copied", () => {
  const row = read(range(30));
  for (const one of [read(range(40, 900)), row]) kept.keep(one);
  expect(begun(range(50))).toBe(row);
  expect(begun(range(50)).ids).toEqual([]); // it is not there twice
});

test("a row that has more than the prompt begins with stays whole, and what is common is held by both", () => {
  const row = read(range(60));
  kept.keep(row);
  const fork = begun([...range(40), 7, 7]);
  expect(fork.ids).toEqual(range(40));
  expect(fork.row.pages).toEqual(row.row.pages.slice(0, pagesFor(40)));
  expect(begun(range(61))).toBe(row);
});

test("a row that is being written is shared, never gone on in", () => {
  const row = read(range(60));
  const fork = begun(range(61), [row]);
  expect(fork).not.toBe(row);
  expect(fork.ids).toEqual(range(60));
});

test("the last token of a prompt is always computed", () => {
  kept.keep(read(range(40)));
  expect(begun(range(40)).ids).toEqual(range(39));
});

test("another policy's keys are of no use", () => {
  const [base, tuned] = [read(range(40)), read(range(20), "tuned")];
  for (const one of [base, tuned]) kept.keep(one);
  expect(begun(range(41), [], "tuned")).toBe(tuned);
  expect(begun(range(41), [], "other")).toMatchObject({ policy: "other", ids: [], row: { pages: [] } });
});

test("few tokens are not looked for in rows that go on otherwise", () => {
  kept.keep(read(range(60)));
  expect(begun([...range(15), 900]).ids).toEqual([]);
  expect(begun([...range(16), 900]).ids).toEqual(range(16));
});

test("of a conversation that was kept, a few tokens more in a longer row do not count", () => {
  const [own, longer] = [read(range(30)), read([...range(40), 8, 8])];
  for (const one of [own, longer]) kept.keep(one);
  expect(begun(range(50))).toBe(own);
  const far = read([...range(80), 8, 8]);
  for (const one of [own, far]) kept.keep(one);
  expect(begun(range(90)).ids).toEqual(range(80));
});

test("room is made by dropping what was used longest ago, and only as much as is needed", () => {
  const rows = range(4).map((i) => read(range(5 * pageTokens, 1000 * i)));
  for (const row of rows) kept.keep(row);
  expect(pages.free()).toBe(0);
  begun([...rows[0]!.ids.slice(0, 16), 7]); // the first is used again: the second is the oldest now
  expect(kept.makeRoom(4)).toBe(true);
  expect(rows.map(({ row }) => row.length > 0)).toEqual([true, false, true, true]);
  expect(kept.makeRoom(11)).toBe(true);
  expect(rows.map(({ row }) => row.length > 0)).toEqual([true, false, false, false]);
  expect(kept.makeRoom(20)).toBe(false); // the page that the new row shares stays
  expect(pages.free()).toBe(19);
});
