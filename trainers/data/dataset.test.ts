import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isHeldOut } from "./dataset";
import { batchRows } from "./row-batches";

test("an epoch of batches holds every row once, in file order or shuffled", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom("shuffled" as const, "sequential" as const),
      fc.integer({ min: 0, max: 99 }),
      (count, size, order, seed) => {
        const rows = Array.from({ length: count }, (_, i) => i);
        const batches = Array.from({ length: Math.ceil((2 * count) / size) }, (_, index) =>
          batchRows(rows, size, index, order, seed),
        ).flat();
        const [first, second] = [batches.slice(0, count), batches.slice(count, 2 * count)];
        expect(first.toSorted((a, b) => a - b)).toEqual(rows);
        expect(second.toSorted((a, b) => a - b)).toEqual(rows);
        if (order === "sequential") expect(first).toEqual(rows);
      },
    ),
  );
});

test("a batch is the same whichever batches were drawn before it", () => {
  const rows = Array.from({ length: 10 }, (_, i) => i);
  const straight = [0, 1, 2, 3, 4].map((index) => batchRows(rows, 4, index, "shuffled", 7));
  expect(batchRows(rows, 4, 3, "shuffled", 7)).toEqual(straight[3]);
  expect(batchRows(rows, 4, 3, "shuffled", 8)).not.toEqual(straight[3]);
});

test("B11: about the share asked for is held out, always the same prompts, and a larger share holds all of a smaller one", () => {
  const prompts = Array.from({ length: 4000 }, (_, i) => `prompt ${i}`);
  const held = (share: number) => prompts.filter((prompt) => isHeldOut(prompt, share));
  for (const share of [0.05, 0.1, 0.25, 0.5]) {
    const off = Math.abs(held(share).length / prompts.length - share);
    expect(off).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / prompts.length));
  }
  expect(held(0)).toEqual([]);
  expect(held(0.25)).toEqual(expect.arrayContaining(held(0.1)));
  expect(held(0.1)).toEqual(prompts.filter((prompt) => hashOf(prompt) % 10 === 0)); // a tenth is the tenth it always was
});

const hashOf = (prompt: string) => createHash("sha256").update(JSON.stringify(prompt)).digest().readUInt32LE(0);
