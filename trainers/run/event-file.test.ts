import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Runs a module on a file system of 256 kB of its own, whose folder is its last argument. */
function onSmallDisk(source: string): string {
  const disk = mkdtempSync(join(tmpdir(), "workbench-disk-"));
  const script = `mount -t tmpfs -o size=256k none "$0" && exec "$1" --import tsx --input-type=module --eval "$2" "$0"`;
  const words = ["--map-root-user", "--mount", "sh", "-c", script, disk, process.execPath, source];
  const { stdout, stderr } = spawnSync("unshare", words, { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout;
}

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

test("F4: on a full disk a trainer waits with its events; once there is room each line is there, whole and once", () => {
  const stdout = onSmallDisk(`
    import { readFileSync, writeFileSync } from "node:fs";
    import { Worker } from "node:worker_threads";
    import { openEvents } from "./trainers/run/event-file.ts";
    const disk = process.argv.at(-1);
    writeFileSync(disk + "/ballast", Buffer.alloc(128 * 1024));
    new Worker(${JSON.stringify(maker)}, { eval: true, argv: [disk], execArgv: [] });
    const events = openEvents(disk + "/events");
    for (let step = 1; step <= 200; step++) events.emit({ event: "note", text: step + "-".repeat(900) }); // 190 kB
    const lines = readFileSync(disk + "/events", "utf8").trim().split("\\n").map((line) => parseInt(JSON.parse(line).text));
    console.log(JSON.stringify(lines));
  `);
  expect(JSON.parse(stdout)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
});
