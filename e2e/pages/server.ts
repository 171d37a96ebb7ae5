// A workbench of a test's own, to be killed.
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "@playwright/test";

export interface Started {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

/** `npm start` on a data folder and port of its own. */
export function start(data: string, port: number): Started {
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    env: { ...process.env, WORKBENCH_DATA: data, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk) => (output += chunk));
  return { child, output: () => output, ended: new Promise((resolve) => child.once("close", resolve)) };
}

export const serving = async ({ output }: Started, url: string) =>
  expect.poll(output, { timeout: 60_000 }).toContain(url);

/** kill -9 of everything that serves: the starter, the web server, the runner. */
export function killAll({ child }: Started): void {
  const descendants = (pid: number): number[] => {
    const children = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
      .map(Number);
    return [...children.flatMap(descendants), ...children];
  };
  for (const pid of [child.pid!, ...descendants(child.pid!)]) process.kill(pid, "SIGKILL");
}

function parentOf(pid: string): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ")[1]);
  } catch {
    return null; // gone meanwhile
  }
}
