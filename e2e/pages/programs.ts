// Programs that the server has started, held still so that a journey can do something while they last.
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "@playwright/test";

/** Stops (SIGSTOP) the program that has this file among its arguments, as soon as there is one. */
export async function holdProgram(file: string): Promise<void> {
  const found = () => readdirSync("/proc").find((pid) => argumentsOf(pid).some((one) => one.endsWith(file)));
  await expect.poll(found, { intervals: [50] }).toBeDefined();
  process.kill(Number(found()), "SIGSTOP");
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // not a program, or one that has ended
  }
}
