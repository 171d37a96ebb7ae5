// A file system that is soon full, for tests of what waits for room on it.
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { isNoise } from "../scripts/noise.mjs";

/** Deletes the ballast once the disk that it is on is full. */
const maker = `
  const { rmSync, statfsSync } = require("node:fs");
  const disk = process.argv.at(-1);
  const timer = setInterval(() => {
    if (statfsSync(disk).bavail > 0) return;
    clearInterval(timer);
    rmSync(disk + "/ballast");
  }, 50);
`;

const ballast = `
  import { writeFileSync } from "node:fs";
  import { Worker } from "node:worker_threads";
  const disk = process.argv.at(-1);
  writeFileSync(disk + "/ballast", Buffer.alloc(128 * 1024));
  new Worker(${JSON.stringify(maker)}, { eval: true, argv: [disk], execArgv: [] });
`;

/**
 * What a module prints that runs on a file system of 256 kB of its own: `disk` is its folder, and half of it is ballast, which goes away once
 * the other half is full.
 */
export function onSmallDisk(source: string): string {
  const disk = mkdtempSync(join(tmpdir(), "workbench-disk-"));
  const script = `mount -t tmpfs -o size=256k none "$0" && exec "$1" --import tsx --input-type=module --eval "$2" "$0"`;
  const words = ["--map-root-user", "--mount", "sh", "-c", script, disk, process.execPath, ballast + source];
  const { stdout, stderr } = spawnSync("unshare", words, { encoding: "utf8" });
  expect(stderr.split("\n").filter((line) => line !== "" && !isNoise(line))).toEqual([]);
  return stdout;
}
