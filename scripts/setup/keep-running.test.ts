import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepRunning } from "./keep-running.mjs";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched(isGivenUp = true) {
  const children: EventEmitter[] = [];
  const [said, givenUp]: [string[], string[]] = [[], []];
  const part = keepRunning(
    "runner",
    () => {
      children.push(new EventEmitter());
      return children.at(-1)!;
    },
    { say: (line: string) => said.push(line), giveUp: isGivenUp ? (line: string) => givenUp.push(line) : null },
  );
  return { part, children, said, givenUp, die: () => children.at(-1)!.emit("close", null, "SIGKILL") };
}

test("F4: a part that dies is started again after a pause that doubles, and is given up at its sixth quick death", () => {
  const { part, children, said, givenUp, die } = watched();
  for (const [i, pause] of [500, 1000, 2000, 4000, 8000].entries()) {
    die();
    expect(said.at(-1)).toBe(`runner ended unexpectedly (SIGKILL); it is started again in ${pause / 1000} s.`);
    vi.advanceTimersByTime(pause - 1);
    expect(children).toHaveLength(i + 1);
    vi.advanceTimersByTime(1);
    expect(children).toHaveLength(i + 2);
    expect(part.current()).toBe(children.at(-1));
  }
  die();
  vi.advanceTimersByTime(100_000);
  expect(givenUp).toEqual([expect.stringMatching(/^runner ended unexpectedly \(SIGKILL\), for the 6th time/)]);
  expect(children).toHaveLength(6);
});

test("F4: a part that was well for a minute between its deaths is never given up", () => {
  const { children, givenUp, die } = watched();
  for (let deaths = 0; deaths < 20; deaths++) {
    vi.advanceTimersByTime(60_001);
    die();
    vi.advanceTimersByTime(500);
  }
  expect([children.length, givenUp]).toEqual([21, []]);
});

test("nothing is started again once the workbench is stopping, not even what died just before", () => {
  const { part, children, die } = watched();
  die();
  part.leave();
  vi.advanceTimersByTime(100_000);
  expect(children).toHaveLength(1);
});

test("a part without which the others work is tried again for ever, once a minute in the end", () => {
  const { children, said, die } = watched(false);
  for (let deaths = 0; deaths < 20; deaths++) {
    die();
    vi.advanceTimersByTime(60_000);
  }
  expect(children).toHaveLength(21);
  expect(said.at(-1)).toBe("runner ended unexpectedly (SIGKILL); it is started again in 60 s.");
});
