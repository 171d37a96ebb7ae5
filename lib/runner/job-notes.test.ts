import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { jobNotes } from "./job-notes";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a scheduler that answers every second time is said once not to answer, and once what it says", () => {
  const said: string[] = [];
  const { show, fail } = jobNotes((text) => said.push(text), 60_000);
  for (let time = 0; time < 100; time++) {
    show("RUNNING");
    vi.advanceTimersByTime(2000);
    fail("does not answer");
    vi.advanceTimersByTime(2000);
  }
  show("COMPLETED");
  expect(said).toEqual(["RUNNING", "does not answer", "RUNNING", "COMPLETED"]);
});

test("a failure is said again after it was well for a while", () => {
  const said: string[] = [];
  const { show, fail } = jobNotes((text) => said.push(text), 60_000);
  for (let time = 0; time < 2; time++) {
    fail("does not answer");
    show("RUNNING");
    vi.advanceTimersByTime(60_001);
  }
  expect(said).toEqual(["does not answer", "RUNNING", "does not answer", "RUNNING"]);
});
