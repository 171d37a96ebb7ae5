import { getPriority } from "node:os";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startCommand } from "./spawn";

/** The scheduling policy of a program that is started, and its niceness, as Linux says them (proc_pid_stat(5)). */
async function scheduled(isRun: boolean): Promise<{ policy: number; nice: number }> {
  const { child, ended } = startCommand(["cat", "/proc/self/stat"], [], { isRun });
  const said = await text(child.stdout!);
  await ended;
  const fields = said.slice(said.lastIndexOf(")") + 2).split(" "); // from the third one on
  return { policy: Number(fields[41 - 3]), nice: Number(fields[19 - 3]) };
}

test("a run takes the processor when nobody else wants it, and what somebody asked for stands behind pages and votes", async () => {
  expect(await scheduled(true)).toEqual({ policy: 5, nice: getPriority() }); // SCHED_IDLE
  expect(await scheduled(false)).toEqual({ policy: 0, nice: Math.min(19, getPriority() + 10) });
});
