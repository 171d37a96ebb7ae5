// Preloaded into a program (`node --import tsx --import ./tools/torture/die-at.ts`): it kills itself at the n-th moment at which something
// changes below a folder. A write has two moments, before it and halfway through. Every moment is a line of a log, with what comes next.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve, sep } from "node:path";

const { DIE_AT: at, DIE_BELOW: below, DIE_LOG: log } = process.env;
if (!at || !below || !log)
  throw new Error("DIE_AT, DIE_BELOW and DIE_LOG say when to die, where it counts and where it is written down");
const { closeSync, fsyncSync, mkdirSync, openSync, readlinkSync, renameSync, rmSync, writeSync } = fs;
let moments = 0;

function moment(what: string, path: string): void {
  if (!resolve(path).startsWith(below! + sep) && resolve(path) !== below) return;
  moments++;
  const line = openSync(log!, "a");
  writeSync(line, `${what} ${path}\n`);
  if (moments === Number(at)) process.kill(process.pid, "SIGKILL");
  closeSync(line);
}
const pathOf = (file: number) => readlinkSync(`/proc/self/fd/${file}`);

Object.assign(fs, {
  openSync(...words: Parameters<typeof openSync>) {
    if (words[1] !== "r") moment("open", String(words[0]));
    return openSync(...words);
  },
  writeSync(file: number, bytes: Uint8Array | string, ...rest: [number?, number?, number?]) {
    const path = pathOf(file);
    moment("write", path);
    const whole = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    const [from = 0, length = whole.length - from, position = null] = typeof bytes === "string" ? [] : rest;
    const half = Math.floor(length / 2);
    const written = writeSync(file, whole, from, half, position);
    moment("rest of the write", path);
    return written + writeSync(file, whole, from + half, length - half, position === null ? null : position + half);
  },
  fsyncSync(file: number) {
    moment("fsync", pathOf(file));
    fsyncSync(file);
  },
  renameSync(from: string, to: string) {
    moment("rename", from);
    renameSync(from, to);
  },
  mkdirSync(...words: Parameters<typeof mkdirSync>) {
    moment("mkdir", String(words[0]));
    return mkdirSync(...words);
  },
  rmSync(...words: Parameters<typeof rmSync>) {
    moment("rm", String(words[0]));
    rmSync(...words);
  },
});
syncBuiltinESMExports();
