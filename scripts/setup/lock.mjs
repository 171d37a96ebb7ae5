// One workbench per data folder: a second start says where the first one is and touches nothing.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "./paths.mjs";
import { SetupError } from "./report.mjs";

const file = join(local, "workbench.lock");

/** When a process began, so that a reused process id is not mistaken for it. Linux only; elsewhere the id alone decides. */
function beganAt(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[19];
  } catch {
    return "unknown";
  }
}

function alive({ pid, began }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  return beganAt(pid) === began;
}

export function takeLock(url) {
  mkdirSync(local, { recursive: true, mode: 0o700 });
  const mine = JSON.stringify({ pid: process.pid, began: beganAt(process.pid), url });
  try {
    writeFileSync(file, mine, { flag: "wx" });
  } catch {
    const other = readLock();
    if (other && alive(other))
      throw new SetupError(
        `A workbench is running already at ${other.url} (process ${other.pid}); nothing was changed.`,
      );
    writeFileSync(file, mine);
  }
  process.on("exit", () => rmSync(file, { force: true }));
}

function readLock() {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null; // half written by a start that was killed
  }
}
