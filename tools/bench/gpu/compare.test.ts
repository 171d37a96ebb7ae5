import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { differences, type KernelValues } from "./compare";

test("the largest difference counts, relative to the largest number; the worst kernel comes first", () => {
  const reference: KernelValues = { a: [1, -4], b: [2, 2] };
  expect(differences({ a: [1.5, -4], b: [2, 1] }, reference)).toEqual([
    { kernel: "b", relative: 0.5, failure: null },
    { kernel: "a", relative: 0.125, failure: null },
  ]);
});

test("a kernel that fails, is missing, or gives another number of numbers says so; one that fails on both does not count", () => {
  const reference: KernelValues = { a: [1], b: [1], c: [1, 2], d: ["Infinity"], e: "no such kernel" };
  const found = differences({ a: "no kernel for GPU", c: [1], d: [3], e: "none here either" }, reference);
  expect(Object.fromEntries(found.map(({ kernel, failure }) => [kernel, failure]))).toEqual({
    a: "no kernel for GPU",
    b: "it is missing",
    c: "1 numbers instead of 2",
    d: "3 instead of Infinity",
    e: null,
  });
});

test("every kernel gives the same numbers in another process on the same device, none of them by failing", {
  tags: "long",
}, () => {
  const run = () => {
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "tools/bench/gpu/kernels-once.ts"], {
      encoding: "utf8",
      env: { ...process.env, CUDA_VISIBLE_DEVICES: "-1" },
      maxBuffer: 1 << 26,
    });
    expect(stdout, stderr).not.toBe("");
    return JSON.parse(stdout) as { gpu: boolean; values: KernelValues };
  };
  const [one, other] = [run(), run()];
  expect(one.gpu).toBe(false);
  expect(differences(one.values, other.values)[0]!.relative).toBe(0);
  expect(Object.entries(one.values).filter(([, value]) => typeof value === "string")).toEqual([]);
});
