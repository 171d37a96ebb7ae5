import { readFileSync } from "node:fs";

/** When a process began, in ticks since the machine did, so that a reused process id is not mistaken for it; null where there is none. Linux only. */
export function beganAt(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return fields[0] === "Z" ? null : fields[19]; // Z: it has ended, and its parent has not asked how
  } catch {
    return null;
  }
}
