import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { earlierLike } from "./min-hash";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test("a row takes less than 100 bytes of JavaScript's heap, so that millions are compared", () => {
  const rows = 5000;
  const like = earlierLike();
  like([rows]);
  const before = heapUsed();
  for (let i = 0; i < rows; i++) like([i]);
  expect((heapUsed() - before) / rows).toBeLessThan(100);
  expect(like([7])).toBe(8); // all are still known
});

test("a row that many share is the same as the first of them, also where rows come from several blocks of memory", () => {
  const like = earlierLike();
  const row = (i: number) => Array.from({ length: 12 }, (_, k) => i * 100 + k);
  const answers = Array.from({ length: 3000 }, (_, i) => like(row(i % 1500)));
  expect(answers).toEqual([...Array<null>(1500).fill(null), ...Array.from({ length: 1500 }, (_, i) => i)]);
});
