// Praise and blame in an output head: their distance is what chance gives it where nobody has moved them, and what is asked for where somebody has.
import { expect, test } from "vitest";
import { createRandom } from "../../common/random";
import { mean } from "../../spec/statistics";
import type { LoadedFiles } from "../../trainers/models/formats/loaded-files";
import { readModel } from "../../trainers/models/load";
import { adjectives } from "../../trainers/rewards/gold/reviews";
import { apartness, headOf, movedApart, withHead } from "./heads";

const tiny = await readModel("tiny");
/** `tiny` with a head of random numbers. */
function random(seed: number): LoadedFiles {
  const { shape, data } = headOf(tiny);
  const next = createRandom(`head ${seed}`);
  return withHead(tiny, { shape, data: data.map(() => next() - 0.5) });
}

test("each word is a token of its own", () => {
  for (const word of [...adjectives.good, ...adjectives.bad]) expect(tiny.tokenizer.encode(` ${word}`)).toHaveLength(1);
});

test("in heads of random numbers a nineteenth of the words' differences lies between praise and blame", () => {
  const found = mean(Array.from({ length: 200 }, (_, seed) => apartness(random(seed))));
  expect(Math.abs(found - 1 / 19)).toBeLessThan(0.003); // its deviation over heads of 160 columns is 0.006
});

test("moved apart they differ by as much as is asked for, and nothing else has changed", () => {
  const files = random(0);
  const moved = withHead(files, movedApart(files, 0.4, 1));
  expect(apartness(moved)).toBeCloseTo(0.4, 5);
  const [before, after] = [headOf(files), headOf(moved)];
  const wide = before.shape[1]!;
  const changed = new Set(
    [...after.data.keys()].filter((i) => after.data[i] !== before.data[i]).map((i) => Math.floor(i / wide)),
  );
  expect(changed).toEqual(
    new Set([...adjectives.good, ...adjectives.bad].flatMap((word) => tiny.tokenizer.encode(` ${word}`))),
  );
});
