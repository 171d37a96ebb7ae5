// The doctor as a process of its own: on many pairs it takes a while, and nobody else is to wait for it.
import "server-only";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Diagnosis } from "./schema";

const largest = 2 ** 28;

export async function runDoctor(queueId: number): Promise<Diagnosis> {
  const command = ["--import", "tsx", join("trainers", "cli.ts"), "doctor", String(queueId)];
  const { stdout } = await promisify(execFile)(process.execPath, command, { maxBuffer: largest });
  return JSON.parse(stdout) as Diagnosis;
}
