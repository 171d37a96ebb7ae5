import { expect, test } from "vitest";
import { partsOf, renamed, wordsOf } from "./names-in-text";

const changed = (text: string, names: string[], how: { others?: string[]; words?: boolean } = {}) =>
  renamed({ names, others: [], by: "X", words: true, ...how })(text);

test("a name is found as a whole word in any case, at the end of a sentence, behind @ and with an s", () => {
  const zoe = ["zoe"];
  expect(changed("Zoe, @zoe, (ZOE) and zoe's. Ask zoe.", zoe)).toBe("X, @X, (X) and X's. Ask X.");
  for (const other of ["Zoey", "azoe", "zoe_1", "zoe1", "zoe.smith", "zoe@example.org", "x@zoe", "zoe-lou", "éloi"])
    expect(changed(`of ${other} here`, zoe), other).toBe(`of ${other} here`);
});

test("of two that fit it is the longer one; signs of patterns and letters beyond ASCII are as they are", () => {
  expect(changed("zoe@quorvex.example of Zoe", ["zoe", "zoe@quorvex.example"])).toBe("X of X");
  expect(changed("a.b and aab", ["a.b"])).toBe("X and aab");
  expect(changed("ŻÓŁĆ i żółć", ["Żółć"])).toBe("X i X");
});

test("without bare words it is @name, as comments link it, and e-mail addresses; a colleague of a longer name keeps theirs", () => {
  const [names, how] = [["a", "a@quorvex.example"], { others: ["A Smith"], words: false }];
  expect(changed("Pick A if a response is better. @a: A@quorvex.example, @a.Please, @a-thanks", names, how)).toBe(
    "Pick A if a response is better. @X: X, @X.Please, @X-thanks",
  );
  for (const text of ["@A Smith and @a smith", "mail@a", "@ab", "aa@quorvex.example"])
    expect(changed(text, names, how), text).toBe(text);
  expect(changed("A Smith, not A", names, { ...how, words: true })).toBe("A Smith, not X");
});

test("a name within longer words is found apart from them", () => {
  const found = (text: string) => [text.search(wordsOf(["zoe"])) >= 0, text.search(partsOf(["zoe"])) >= 0];
  for (const text of ["zoe-dpo-1", "dpo-zoe", "zoe.jsonl", "pairs_zoe", "@zoe.Please", "zoe2"])
    expect(found(text), text).toEqual([false, true]);
  expect(found("zoe!")).toEqual([true, true]);
  for (const text of ["Zoey", "azoe"]) expect(found(text), text).toEqual([false, false]);
});
