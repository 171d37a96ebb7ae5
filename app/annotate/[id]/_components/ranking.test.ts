import { expect, test } from "vitest";
import { complete, nothingTyped, takeBackOne, typeAnswer, typeTie } from "./ranking";

const typed = (letters: string) =>
  [...letters].reduce(
    (so, c) => (c === "=" ? typeTie(so) : c === "<" ? takeBackOne(so) : typeAnswer(so, c.charCodeAt(0) - 97)),
    nothingTyped,
  );

test.each([
  ["cab", [[2], [0], [1]]],
  ["ca", [[2], [0], [1]]], // the last is implied
  ["c", null],
  ["", null],
  ["c=ab", [[2, 0], [1]]],
  ["c=a=b", [[2, 0, 1]]],
  ["ca=", [[2], [0, 1]]], // the last, tied
  ["=ca", [[2], [0], [1]]], // nothing to tie with
  ["cca", [[2], [0], [1]]],
  ["cb<a", [[2], [0], [1]]],
  ["c=b<a", [[2], [0], [1]]],
  ["c=<a", [[2], [0], [1]]],
  ["<", null],
])("of three answers, %s ranks %j", (letters, tiers) => expect(complete(typed(letters), 3)).toEqual(tiers));
