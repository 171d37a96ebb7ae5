import { appendFileSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onSmallDisk } from "../../test/small-disk";
import { scoreFiles } from "./score-files";

const fresh = () => mkdtempSync(join(tmpdir(), "workbench-scores-"));
const hash = (n: number) => n.toString(16).padStart(64, "0");
const one = (n: number, ...scores: number[]) => new Map([[hash(n), Float32Array.of(...scores)]]);

test("keeps scores by policy and row, to the last bit, for the process that wrote them and for later ones", () => {
  const root = fresh();
  const scores = Float32Array.of(-0.1, -12.345678, -0);
  const cache = scoreFiles(root)("base");
  cache.put(new Map([[hash(1), scores]]));
  for (const reader of [cache, scoreFiles(root)("base")]) {
    expect(reader.get(hash(1))).toEqual(scores);
    expect(reader.get(hash(2))).toBeUndefined();
  }
  expect(scoreFiles(root)("other").get(hash(1))).toBeUndefined();
});

test("clears one policy alone, and goes on", () => {
  const root = fresh();
  const [a, b] = [scoreFiles(root)("a"), scoreFiles(root)("b")];
  a.put(one(1, 1));
  b.put(one(1, 2));
  a.clear();
  expect(a.get(hash(1))).toBeUndefined();
  expect(scoreFiles(root)("a").get(hash(1))).toBeUndefined();
  expect(b.get(hash(1))).toEqual(Float32Array.of(2));
  a.put(one(1, 3));
  expect(scoreFiles(root)("a").get(hash(1))).toEqual(Float32Array.of(3));
});

test("two that write at once keep what both wrote", () => {
  const root = fresh();
  const [first, second] = [scoreFiles(root)("base"), scoreFiles(root)("base")];
  for (let i = 0; i < 20; i += 2) {
    first.put(one(i, i, i + 0.5));
    second.put(one(i + 1, i + 1));
  }
  const later = scoreFiles(root)("base");
  for (let i = 0; i < 20; i++)
    expect(later.get(hash(i))).toEqual(i % 2 === 0 ? Float32Array.of(i, i + 0.5) : Float32Array.of(i));
});

test("a file cut off at any byte loses its last record alone, and a damaged score is none", () => {
  const root = fresh();
  scoreFiles(root)("base").put(one(1, 1, 2, 3));
  const file = join(root, "base", readdirSync(join(root, "base"))[0]!);
  const whole = readFileSync(file);
  const second = Buffer.from(whole);
  second.write(hash(2), "hex");
  for (let cut = 0; cut < second.length; cut++) {
    writeFileSync(file, whole);
    appendFileSync(file, second);
    truncateSync(file, whole.length + cut);
    const cache = scoreFiles(root)("base");
    expect(cache.get(hash(1))).toEqual(Float32Array.of(1, 2, 3));
    expect(cache.get(hash(2))).toBeUndefined();
  }
  second[second.length - 1]! ^= 1;
  writeFileSync(file, Buffer.concat([whole, second]));
  expect(scoreFiles(root)("base").get(hash(1))).toEqual(Float32Array.of(1, 2, 3));
  expect(scoreFiles(root)("base").get(hash(2))).toBeUndefined();
});

test("F4: on a full disk scores wait for room, and are whole then", () => {
  const stdout = onSmallDisk(`
    import { scoreFiles } from "./trainers/inference/score-files.ts";
    const hash = (n) => n.toString(16).padStart(64, "0");
    const cache = scoreFiles(disk)("base");
    for (let row = 0; row < 50; row++) cache.put(new Map([[hash(row), new Float32Array(1000).fill(row)]])); // 200 kB
    const kept = scoreFiles(disk)("base");
    console.log(JSON.stringify(Array.from({ length: 50 }, (_, row) => kept.get(hash(row))?.[999])));
  `);
  expect(JSON.parse(stdout)).toEqual(Array.from({ length: 50 }, (_, row) => row));
});
