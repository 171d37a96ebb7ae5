// The disk full from the n-th write of web process, runner or trainer on, for a second: of SQLite's files, checkpoints, events and logs.
import { execFileSync } from "node:child_process";
import { openSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { whileAtWork } from "./at-work";
import type { Experiment, Outcome, Setting } from "./experiment";

/** The n-th write is counted from when the fault is asked for: n goes up to this and begins again. */
const mostWrites = 150;
const fullMs = 1000;

export const fullServerDisk: Experiment = {
  name: "full-server-disk",
  fault: `the disk full from the n-th write on, for a second, n from 1 to ${mostWrites}: databases, checkpoints, events, logs`,
  demand: "no process ends; every page says so; nothing acknowledged lost; integrity_check ok; runs have the same bits",
  size: 600,
  unit: "times",
  run,
};

async function run(setting: Setting): Promise<Outcome> {
  const [shim, control] = [join(setting.folder, "full-disk.so"), join(setting.folder, "control")];
  execFileSync("g++", ["-O1", "-shared", "-fPIC", "-o", shim, "tools/torture/full-disk.cc", "-ldl"]);
  writeFileSync(control, Buffer.alloc(8));
  const disk = diskOf(openSync(control, "r+"));
  const env = { LD_PRELOAD: shim, FULL_CONTROL: control, FULL_BELOW: resolve(setting.folder, "data") };
  return whileAtWork(setting, env, async ({ url }, n) => {
    const first = disk.writes() + 1 + (n % mostWrites);
    disk.fullFrom(first);
    while (disk.writes() < first) await wait(1);
    const page = await fetch(url).then(async (answer) => ({ status: answer.status, text: await answer.text() }));
    const health = (await (await fetch(`${url}/api/health`)).json()) as { condition: string | null };
    await wait(fullMs);
    disk.fullFrom(0);
    return [
      ...(page.status === 200 && page.text.includes("The disk is full")
        ? []
        : [`the home page answers ${page.status} without a word of it`]),
      ...(health.condition?.startsWith("The disk is full") ? [] : [`health says ${JSON.stringify(health)}`]),
    ];
  });
}

/** What full-disk.cc counts, and from which write on it lets nothing through; 0 is never. */
const diskOf = (control: number) => ({
  writes(): number {
    const number = Buffer.alloc(4);
    readSync(control, number, 0, 4, 0);
    return number.readUInt32LE();
  },
  fullFrom(write: number): void {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(write);
    writeSync(control, number, 0, 4, 4);
  },
});
