import { expect, test } from "vitest";
import { stoppingWords, waitingWords } from "./waiting-words";

test.each([
  ["running", false, true, /^The disk .* is full/],
  ["queued", false, true, /^The disk .* is full/],
  ["running", false, false, /goes on by itself after that/],
  ["queued", false, false, /^No runner process is alive/],
] as const)(
  "F4: a run that is %s, its runner alive: %s, the disk full: %s, says why it waits",
  (status, runnerAlive, diskFull, words) => {
    expect(waitingWords({ status, runnerAlive, diskFull })).toMatch(words);
  },
);

test.each([
  ["finished", false],
  ["stopped", false],
  ["running", true],
  ["queued", true],
] as const)("a run that is %s, its runner alive: %s, waits for nothing", (status, runnerAlive) => {
  expect(waitingWords({ status, runnerAlive, diskFull: true })).toBeNull();
});

const stopping = { stopping: true, step: 12, latest: { seconds: 90 }, checkpoints: [{ step: 10, createdAt: 0 }] };

test("U64: a run that is to stop says what it waits for, how long that takes, and what is lost by not waiting", () => {
  expect(stoppingWords(stopping)).toBe(
    "Finishing step 13, about 1 min 30 s, then saving a checkpoint. Stop now goes back to step 10 and loses 2 steps.",
  );
  expect(stoppingWords({ ...stopping, step: 10, latest: {} })).toMatch(
    /^Finishing step 11, then .* Stop now keeps step 10\.$/,
  );
  expect(stoppingWords({ ...stopping, stopping: false })).toBeNull();
});
