import { expect, test } from "vitest";
import { takeSlot } from "./slots";
import { workbench } from "./workbench";

test("who is cancelled in the line leaves it, and nobody behind waits for a turn that was lost", async () => {
  const running = await Promise.all([takeSlot(), takeSlot(), takeSlot()]);
  const controller = new AbortController();
  const left = takeSlot(controller.signal);
  const behind = takeSlot();
  controller.abort();
  await expect(left).rejects.toMatchObject({ name: "AbortError" });
  await expect(takeSlot(controller.signal)).rejects.toMatchObject({ name: "AbortError" });
  running[0]!();
  const next = await behind;
  for (const release of [...running, next]) release();
});

test("F18: three programs of requests run at a time, twelve wait in their order, one more is refused with 429 and a sentence", async () => {
  const started: number[] = [];
  const takes = Array.from({ length: 15 }, async (_, i) => {
    const release = await takeSlot();
    started.push(i);
    return release;
  });
  await expect(takeSlot()).rejects.toMatchObject({ status: 429, message: expect.stringMatching(/try again/) });
  await expect(workbench(["help"])).rejects.toMatchObject({ status: 429 });
  const running = await Promise.all(takes.slice(0, 3));
  expect(started).toEqual([0, 1, 2]);
  running[0]!();
  running[0]!(); // a second time says nothing
  const fourth = await takes[3]!;
  expect(started).toEqual([0, 1, 2, 3]);
  for (const release of [...running, fourth]) release();
  for (const take of takes.slice(4)) (await take)();
  expect(started).toEqual(Array.from({ length: 15 }, (_, i) => i));
  const again = await takeSlot(); // all are free again
  again();
});
