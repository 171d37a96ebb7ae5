// Child processes of a test, which end with it at the latest.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach } from "vitest";

const children: ChildProcess[] = [];
afterEach(() => children.forEach((child) => void child.kill("SIGKILL")));

/** The words that start one of the project's programs, or of its tests' helpers (scripts/setup/programs.mjs). */
export const wordsOf = (...words: string[]): string[] => [process.execPath, "scripts/program.mjs", ...words];

export function start([command, ...words]: string[]): ChildProcess {
  const child = spawn(command!, words, { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  return child;
}

export async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM" | "SIGINT"): Promise<void> {
  const ended = once(child, "close");
  child.kill(signal);
  await ended;
}
