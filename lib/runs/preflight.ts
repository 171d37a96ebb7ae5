// A look at a run's data before it starts. Reading rows as the model will needs the trainers, so a process of its own does it.
import "server-only";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { z } from "zod";
import type { PreflightReport } from "../../trainers/preflight";
import { AppError } from "../errors";
import { resolveRun } from "./queries";
import type { preflightInput } from "./schema";

const patienceMs = 120_000;

/** Throws what the command line says where the data cannot be read. */
export async function preflight(input: z.infer<typeof preflightInput>, now: number): Promise<PreflightReport> {
  const folder = await mkdtemp(join(tmpdir(), "workbench-preflight-"));
  try {
    const file = join(folder, "run.json");
    await writeFile(file, JSON.stringify(resolveRun(input, join(folder, "unused"), now)));
    const command = ["--import", "tsx", join("trainers", "cli.ts"), "preflight", file];
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      maxBuffer: 1 << 26,
      timeout: patienceMs,
    });
    return JSON.parse(stdout) as PreflightReport;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { stderr, killed } = error as { stderr?: string; killed?: boolean };
    if (killed) throw new AppError(400, `reading the data took more than ${patienceMs / 1000} s; try a part of it`);
    const words = (stderr ?? "").split("\n").filter((line) => line.trim() !== "");
    throw new AppError(400, words.at(-1) ?? String(error), { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
