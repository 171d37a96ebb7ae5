import { expect, test } from "vitest";
import { namesIn } from "./names-in-text";

const replaced = (text: string, names: string[]) => text.replace(namesIn(names), "X");

test("a name is found as a whole word in any case, at the end of a sentence, behind @ and with an s", () => {
  const zoe = ["zoe"];
  expect(replaced("Zoe, @zoe, (ZOE) and zoe's. Ask zoe.", zoe)).toBe("X, @X, (X) and X's. Ask X.");
  for (const other of ["Zoey", "azoe", "zoe_1", "zoe1", "zoe.smith", "zoe@example.org", "x@zoe", "zoe-lou", "éloi"])
    expect(replaced(`of ${other} here`, zoe), other).toBe(`of ${other} here`);
});

test("of two that fit it is the longer one; signs of patterns and letters beyond ASCII are as they are", () => {
  expect(replaced("zoe@quorvex.example of Zoe", ["zoe", "zoe@quorvex.example"])).toBe("X of X");
  expect(replaced("a.b and aab", ["a.b"])).toBe("X and aab");
  expect(replaced("ŻÓŁĆ i żółć", ["Żółć"])).toBe("X i X");
});

test("it is found as JSON and addresses write it", () => {
  const name = 'Zoe "Z" M';
  expect(replaced(JSON.stringify([name, "clearer"]), [name])).toBe('["X","clearer"]');
  expect(replaced(`q=${encodeURIComponent(name)}&p=1`, [name])).toBe("q=X&p=1");
  expect(replaced(`${new URLSearchParams({ q: name, p: "1" })}`, [name])).toBe("q=X&p=1");
});
