import { expect, test } from "vitest";
import { halvingWords, stoppingWords, waitingWords } from "./waiting-words";

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

const halving = {
  metric: "eval_loss" as const,
  factor: 3,
  next: 60,
  rungs: [{ step: 20, value: 0.6, place: 5, of: 7 }],
};

test("a run that is behind in its sweep says where, and what becomes of it", () => {
  expect(halvingWords({ status: "queued", held: true, step: 22, halving })).toMatch(
    /^Saved at step 22, number 5 of 7 at step 20\. One of 3 goes on/,
  );
  expect(halvingWords({ status: "stopped", held: true, step: 22, halving })).toMatch(
    /^Stopped early, number 5 of 7 at step 20: .* Resume trains it to its end\.$/,
  );
  expect(halvingWords({ status: "stopped", held: false, step: 22, halving })).toBeNull(); // by somebody, or a time limit
  expect(halvingWords({ status: "queued", held: false, step: 0, halving: null })).toBeNull();
});
