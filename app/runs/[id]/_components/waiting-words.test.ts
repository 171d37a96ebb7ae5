import { expect, test } from "vitest";
import { waitingWords } from "./waiting-words";

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
