import { readFileSync } from "node:fs";

/** Bytes: the most that this process ever had in memory (VmHWM). */
export function peakMemory(): number {
  const status = readFileSync("/proc/self/status", "utf8");
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]);
}
