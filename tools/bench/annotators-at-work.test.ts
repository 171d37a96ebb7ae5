// On a clock that is moved by hand, before a server that answers one request after the other.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { annotate } from "./annotators-at-work";

vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => (ms > 0 ? new Promise((resolve) => globalThis.setTimeout(resolve, ms)) : null), // 0 is 1 there
}));
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What annotators find where a request takes so long. */
async function annotated(requestMs: number, people: number, seconds: number, everyMs: number) {
  const tasks = Array.from({ length: 100 }, (_, id) => ({ id }));
  let free = Promise.resolve();
  vi.stubGlobal("fetch", async () => {
    if (requestMs > 0) free = free.then(() => new Promise((resolve) => setTimeout(resolve, requestMs)));
    await free;
    return Response.json({ tasks });
  });
  const cookies = Array.from({ length: people }, String);
  const work = annotate({ url: "", queue: 1, cookies, seconds, everyMs }, () => {});
  await vi.advanceTimersByTimeAsync(100_000);
  return work;
}

test("where nobody waits the votes that were asked for are reached, whatever pause follows each person's last", async () => {
  const { acknowledged, elapsed, latency } = await annotated(0, 10, 30, 10_000);
  expect([acknowledged.length / elapsed, latency.longest]).toEqual([1, 0]);
});

test("where the server is slower than the pace fewer are reached, and each wait counts from when its vote was due", async () => {
  const { acknowledged, elapsed, latency } = await annotated(2000, 1, 10, 1000);
  // tasks until 2 s, then ten votes of 2 s each; the last was due at 9 s
  expect([acknowledged.length, elapsed, latency.longest]).toEqual([10, 22, 13_000]);
});
