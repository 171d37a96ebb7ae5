// What is left of old rows within the database files goes once somebody was erased: a program writes them anew, and does it after a restart where
// it had not come to its end.
import "server-only";
import { vacuumed } from "../db/vacuum-schema";
import { asJob, backgroundJobs } from "../jobs/background";
import { reportsOf } from "../jobs/workbench";
import { log } from "../logging/log";
import { isVacuumDue } from "./vacuum-due";

const about = { kind: "vacuum", title: "Clearing the database files of an erasure", href: "/team" } as const;
/** A large file on a slow disk. */
const longestMs = 6 * 3_600_000;

/** In the background, and beside what else is at work: it may take minutes. */
export function clearFilesIfDue(): void {
  const isRunning = backgroundJobs().some(({ kind, endedAt }) => kind === "vacuum" && endedAt === null);
  if (isRunning || !isVacuumDue()) return;
  asJob(about, async (job) => {
    const reports = await reportsOf(vacuumed, ["vacuum"], {
      ...{ entry: "lib/cli.ts", job, timeoutMs: longestMs, takesSlot: false },
    });
    const held = reports.filter(({ logIsEmpty }) => !logIsEmpty).map(({ database }) => `${database}.db`);
    if (held.length > 0)
      throw new Error(
        `The journal of ${held.join(" and ")} is held open by another program, such as the replica, and has old rows until that lets go: run workbench vacuum later.`,
      );
  }).catch((error: unknown) => log().error({ err: error }, about.title));
}
