import { readdirSync, readFileSync } from "node:fs";

/** Ids of the processes whose command line has these words. */
export const processesWith = (words: string): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && commandOf(name).includes(words))
    .map(Number);

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}
