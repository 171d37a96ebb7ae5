import fc from "fast-check";
import { expect, test } from "vitest";
import { flat, leavesOf, type Nested, valueAt, withValue } from "./paths";

const inherited = ["__proto__", "constructor", "toString", "hasOwnProperty"];
const name = fc.oneof(
  fc.constantFrom(...inherited),
  fc.string({ minLength: 1, maxLength: 3 }).filter((text) => !text.includes(".")),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("."));

test("F1: whatever paths are set, each is read back, the original stays as it was and no other object changes", () => {
  const before = Reflect.ownKeys(Object.prototype).length;
  fc.assert(
    fc.property(path, fc.integer(), (at, value) => {
      const original: Nested = { dpo: { beta: 1 } };
      const made = withValue(original, at, value);
      expect(valueAt(made, at)).toBe(value);
      expect(leavesOf(made)).toMatchObject({ [at]: value });
      expect(original).toEqual({ dpo: { beta: 1 } });
      expect(Reflect.ownKeys(Object.prototype).length).toBe(before);
      expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    }),
  );
});

test("F1: what an object inherits is no value of it", () => {
  for (const given of inherited) expect(valueAt({ a: {} }, `a.${given}`)).toBeUndefined();
});

test("leaves by path, lists whole; in words for a comparison", () => {
  const run = { method: "dpo", dpo: { beta: 0.1, loss: ["ipo", "sft"] }, adapter: null };
  expect(leavesOf(run)).toEqual({ method: "dpo", "dpo.beta": 0.1, "dpo.loss": ["ipo", "sft"], adapter: null });
  expect(flat(run)).toEqual({ method: "dpo", "dpo.beta": "0.1", "dpo.loss": '["ipo","sft"]', adapter: "null" });
});
