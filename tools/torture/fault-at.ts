// Preloaded into a program (`node --import tsx --import ./tools/torture/fault-at.ts`): at the n-th moment at which something changes below a
// folder it is killed, or the disk is full for a while. A write has two moments, before it and halfway through. Every moment is a line of a log,
// with what comes next.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve, sep } from "node:path";

const { FAULT: fault, FAULT_AT: at, FAULT_BELOW: below, FAULT_LOG: log } = process.env;
if (!fault || !at || !below || !log)
  throw new Error(
    "FAULT (kill or full), FAULT_AT, FAULT_BELOW and FAULT_LOG say what happens when, where, and where moments are written down",
  );
const { closeSync, fsyncSync, mkdirSync, openSync, readlinkSync, renameSync, rmSync, writeSync } = fs;
/** So many moments pass until a full disk has room again. */
const fullFor = 3;
let moments = 0;

/** Whether there is no room for what comes next. */
function isFull(what: string, path: string): boolean {
  if (!resolve(path).startsWith(below! + sep) && resolve(path) !== below) return false;
  moments++;
  const line = openSync(log!, "a");
  writeSync(line, `${what} ${path}\n`);
  closeSync(line);
  if (fault === "kill" && moments === Number(at)) process.kill(process.pid, "SIGKILL");
  return fault === "full" && moments >= Number(at) && moments < Number(at) + fullFor;
}

function needRoom(what: string, path: string): void {
  if (!isFull(what, path)) return;
  throw Object.assign(new Error(`ENOSPC: no space left on device, ${what} '${path}'`), {
    code: "ENOSPC",
    errno: -28,
    path,
  });
}
interface Options {
  flag?: string;
  flush?: boolean;
}
const pathOf = (file: number) => readlinkSync(`/proc/self/fd/${file}`);

Object.assign(fs, {
  openSync(...words: Parameters<typeof openSync>) {
    if (words[1] !== "r") needRoom("open", String(words[0]));
    return openSync(...words);
  },
  writeSync(file: number, bytes: Uint8Array | string, ...rest: [number?, number?, number?]) {
    const path = pathOf(file);
    needRoom("write", path);
    const whole = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    const [from = 0, length = whole.length - from, position = null] = typeof bytes === "string" ? [] : rest;
    const half = Math.floor(length / 2);
    const written = writeSync(file, whole, from, half, position);
    if (written > 0 && isFull("rest of the write", path)) return written; // as write(2) does: what fits is written
    return written + writeSync(file, whole, from + half, length - half, position === null ? null : position + half);
  },
  /** Node writes text without the functions above. */
  writeFileSync(path: string, bytes: Uint8Array | string, { flag = "w", flush = false }: Options = {}) {
    const file = fs.openSync(path, flag);
    try {
      const whole = Buffer.from(bytes as string);
      for (let done = 0; done < whole.length; ) done += fs.writeSync(file, whole, done);
      if (flush) fs.fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  fsyncSync(file: number) {
    isFull("fsync", pathOf(file));
    fsyncSync(file);
  },
  renameSync(from: string, to: string) {
    isFull("rename", from);
    renameSync(from, to);
  },
  mkdirSync(...words: Parameters<typeof mkdirSync>) {
    needRoom("mkdir", String(words[0]));
    return mkdirSync(...words);
  },
  rmSync(...words: Parameters<typeof rmSync>) {
    isFull("rm", String(words[0]));
    rmSync(...words);
  },
});
syncBuiltinESMExports();
