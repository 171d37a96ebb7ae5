// A workbench of a test's own, to be killed.
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

export interface Started {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

/** `npm start` on a data folder and port of its own. */
export function start(data: string, port: number, more: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    env: { ...process.env, ...more, WORKBENCH_DATA: data, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.once("exit", () => child.kill("SIGTERM"));
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk) => (output += chunk));
  return { child, output: () => output, ended: new Promise((resolve) => child.once("close", resolve)) };
}

/** That nobody listens on for now. */
export const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

const longest = 300_000;

/** Once it says its address. */
export async function serving({ child, output }: Started, url: string): Promise<void> {
  for (const until = Date.now() + longest; !output().includes(`Alignment workbench: ${url}`); await wait(50))
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the product did not start:\n${output()}`);
}

/** Once it says by which link its first owner joins, where it serves a team. */
export async function ownersLink({ output }: Started): Promise<string> {
  for (const until = Date.now() + longest; Date.now() < until; await wait(50)) {
    const [, link] = /Become its owner, within a day: (\S+)\n/.exec(output()) ?? [];
    if (link !== undefined) return link;
  }
  throw new Error(`no link for the owner:\n${output()}`);
}

/** kill -9 of everything that serves: the starter, the web server, the runner, its trainer. They are gone then, and their ports free. */
export async function killAll({ child }: Started): Promise<void> {
  const all = [child.pid!, ...descendants(child.pid!)];
  for (const pid of all) kill(pid);
  for (const pid of all) while (isThere(pid)) await wait(10);
}

/** One that has ended and is not yet asked for its status (Z) holds nothing any more. */
const isThere = (pid: number): boolean => !/^$|\) Z /.test(readProc(`${pid}/stat`));

/** Of the processes that a start has made, those whose command line has this in it. */
export const partsOf = ({ child }: Started, words: string): number[] =>
  descendants(child.pid!).filter((pid) => commandOf(pid).includes(words));

/** kill -9, or nothing where it has ended meanwhile. */
export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function descendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
  return [...children.flatMap(descendants), ...children];
}

const parentOf = (pid: string) => Number(readProc(`${pid}/stat`).split(") ").at(-1)!.split(" ")[1] ?? 0);
const commandOf = (pid: number) => readProc(`${pid}/cmdline`).replaceAll("\0", " ");

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return ""; // gone meanwhile
  }
}
