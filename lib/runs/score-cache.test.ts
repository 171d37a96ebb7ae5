import { beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../test/database";
import { scoreCache } from "./score-cache";

beforeAll(() => {
  freshDatabase();
});

test("keeps scores by policy and row, to the last bit", () => {
  const scores = Float32Array.of(-0.1, -12.345678, -0);
  scoreCache("base").put(new Map([["row", scores]]));
  scoreCache("base").put(new Map([["row", Float32Array.of(1)]])); // the first one stays
  expect(scoreCache("base").get("row")).toEqual(scores);
  expect(scoreCache("base").get("other row")).toBeUndefined();
  expect(scoreCache("other base").get("row")).toBeUndefined();
});

test("clears one policy alone", () => {
  scoreCache("a").put(new Map([["row", Float32Array.of(1)]]));
  scoreCache("b").put(new Map([["row", Float32Array.of(2)]]));
  scoreCache("a").clear();
  expect(scoreCache("a").get("row")).toBeUndefined();
  expect(scoreCache("b").get("row")).toEqual(Float32Array.of(2));
});
