import { expect, test } from "vitest";
import { createActiveClock, idleAfterMs } from "./active-time";

test("counts work, caps a pause without a sign of life, and leaves out the time away", () => {
  const clock = createActiveClock();
  clock.restart(1000);
  clock.touch(5000);
  expect(clock.read(6000)).toBe(5000);
  clock.touch(6000 + 10 * idleAfterMs); // lunch: half a minute of it counts
  expect(clock.read(6000 + 10 * idleAfterMs)).toBe(5000 + idleAfterMs);

  clock.restart(0);
  clock.hide(2000);
  clock.show(100_000); // another tab
  expect(clock.read(101_000)).toBe(3000);
  clock.restart(200_000);
  expect(clock.read(200_500)).toBe(500);
});
