// A run's log: what it reported, and what its process printed.
import "server-only";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { asc, eq } from "drizzle-orm";
import { metricsDb } from "../db/client";
import { fences, logLines } from "../db/metrics-schema";
import type { Run } from "../db/tables/runs";
import { folderOf } from "./folder";
import type { RunLog } from "./run-schema";

/** Oldest first; of the process's output the last part, which has no times. */
export function logOf(run: Run): RunLog {
  const reported = metricsDb()
    .select({ at: logLines.at, text: logLines.text })
    .from(logLines)
    .where(eq(logLines.runId, run.id))
    .orderBy(asc(logLines.seq))
    .all();
  return [
    ...printed(run).map((text) => ({ at: null, level: "output" as const, text })),
    ...reported.map(({ at, text }) => ({ at, text, level: isWarning(text) ? ("warn" as const) : ("info" as const) })),
  ];
}

const isWarning = (text: string): boolean =>
  /^(alert at|no sign of life|ended without|scored 0:|skipped a checkpoint|a line of the trainer)/.test(text);

const mostPrinted = 64 * 1024;

/** The last lines of the newest attempt's own log. */
function printed(run: Run): string[] {
  const attempt = metricsDb().select().from(fences).where(eq(fences.runId, run.id)).get()?.attempt;
  if (attempt === undefined) return [];
  try {
    return tailOf(join(folderOf(run), `attempt-${attempt}.log`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function tailOf(path: string): string[] {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, mostPrinted));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString("utf8").split("\n");
    return (size > bytes.length ? lines.slice(1) : lines).filter((line) => line.trim() !== ""); // the first may be cut
  } finally {
    closeSync(file);
  }
}
