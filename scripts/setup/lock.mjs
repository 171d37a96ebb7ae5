// One workbench per data folder: a second start says where the first one is and touches nothing.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beganAt } from "./began-at.mjs";
import { makeFolder } from "./make-folder.mjs";
import { local } from "./paths.mjs";
import { SetupError } from "./report.mjs";

const file = join(local, "workbench.lock");

function alive({ pid, began }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  return beganAt(pid) === began;
}

export function takeLock(url) {
  const mine = JSON.stringify({ pid: process.pid, began: beganAt(process.pid), url });
  try {
    makeFolder(local, 0o700);
    if (!isMade(mine)) {
      const other = readLock();
      if (other && alive(other))
        throw new SetupError(
          `A workbench is running already at ${other.url} (process ${other.pid}); nothing was changed.`,
        );
      writeFileSync(file, mine);
    }
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(
      `The data folder ${local} cannot be written (${error.code}); give the data another one: WORKBENCH_DATA=FOLDER npm start`,
      { cause: error },
    );
  }
  process.on("exit", () => rmSync(file, { force: true }));
}

/** Whether the lock was free. */
function isMade(mine) {
  try {
    writeFileSync(file, mine, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function readLock() {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null; // half written by a start that was killed
  }
}
