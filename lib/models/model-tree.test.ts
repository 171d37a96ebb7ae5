import { expect, test } from "vitest";
import { asTree, lineOf } from "./model-tree";

const model = (id: string, parent: string | null = null) => ({
  ...({ kind: "base", id, name: id, about: "", stage: null, parent, scores: false, bytes: 1 } as const),
  ...{ base: parent, data: null, usedBy: 0, at: null },
});
const listed = [
  model("tiny"),
  model("other"),
  model("second", "first"),
  model("sibling", "tiny"),
  model("first", "tiny"),
  model("orphan", "gone"),
];

test("each model stands under the one that it was trained from; where that is not listed it stands by itself", () => {
  expect(asTree(listed).map(({ id, depth }) => [id, depth])).toEqual([
    ["tiny", 0],
    ["sibling", 1],
    ["first", 1],
    ["second", 2],
    ["other", 0],
    ["orphan", 0],
  ]);
});

test("the line of a model goes from the base over it to what was trained from it", () => {
  const ids = (id: string) => lineOf(asTree(listed), id).map((one) => one.id);
  expect(ids("first")).toEqual(["tiny", "first", "second"]);
  expect(ids("second")).toEqual(["tiny", "first", "second"]);
  expect(ids("tiny")).toEqual(["tiny", "sibling", "first", "second"]);
  expect(ids("orphan")).toEqual(["orphan"]);
  expect(ids("none")).toEqual([]);
});
