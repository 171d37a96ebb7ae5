import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { startCommand } from "../jobs/spawn";
import { hasRoom, processorsOf } from "./room";

const GB = 1e9;
const machine = (count: number) => ({ count, memory: 20 * GB });

test("a run starts beside others while there is a slot and memory for all of them", () => {
  expect(hasRoom(machine(3), [6 * GB, 6 * GB], 6 * GB)).toBe(true); // 18 of 20: a tenth is left
  expect(hasRoom(machine(3), [6 * GB, 6 * GB], 6.1 * GB)).toBe(false);
  expect(hasRoom(machine(2), [GB, GB], GB)).toBe(false);
  expect(hasRoom(machine(1), [GB], GB)).toBe(false);
});

test("by itself a run starts whatever it needs; one of which nobody knows trains alone", () => {
  expect(hasRoom(machine(1), [], 40 * GB)).toBe(true);
  expect(hasRoom(machine(3), [], null)).toBe(true);
  expect(hasRoom(machine(3), [null], GB)).toBe(false);
  expect(hasRoom(machine(3), [GB], null)).toBe(false);
});

test.each([
  [1, [0, 1, 2, 3], [null]],
  [2, [0, 1, 2, 3], ["0,1", "2,3"]],
  [2, [4, 7, 9], ["4,7", "9"]],
  [3, [0, 1], ["0", "1", "0"]],
])("%i slots share the processors %j", (count, usable, expected) => {
  expect(expected.map((_, slot) => processorsOf(slot, count, usable))).toEqual(expected);
});

test("what is started in a slot sees its processors alone", async () => {
  const { child, ended } = startCommand(
    ["node", "-e", "process.stdout.write(String(require('os').availableParallelism()))"],
    [],
    { processors: processorsOf(0, Math.max(2, availableParallelism())) },
  );
  let printed = "";
  child.stdout!.on("data", (chunk) => (printed += chunk));
  expect(await ended).toMatchObject({ code: 0 });
  expect(printed).toBe("1");
});
