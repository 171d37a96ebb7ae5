// Where a name that was erased may still stand: in what is left of old rows within the database files, which is cleared here, and in copies of them.
import "server-only";
import { existsSync, readdirSync } from "node:fs";
import { dataFolder, replica } from "../../common/env";
import { backupsFolder } from "../backup/manifest";
import { vacuumed } from "../db/vacuum-schema";
import { reportsOf } from "../jobs/workbench";

/** In sentences, each with what to do. */
export const remainingCopies = async (): Promise<string[]> => [...(await inTheFiles()), ...inBackups(), ...inReplica()];

/** By a program of its own: rewriting a large file would keep the server from answering. */
async function inTheFiles(): Promise<string[]> {
  try {
    const reports = await reportsOf(vacuumed, ["vacuum"], { entry: "lib/cli.ts" });
    return reports.flatMap(({ database, logIsEmpty }) =>
      logIsEmpty
        ? []
        : [
            `The journal of ${database}.db is held open by another program, such as the replica, and has old rows until that lets go: run workbench vacuum later.`,
          ],
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`Unused parts of the database files may still have the name: run workbench vacuum. (${why})`];
  }
}

function inBackups(): string[] {
  const own = existsSync(backupsFolder()) ? readdirSync(backupsFolder()) : [];
  const replaced = readdirSync(dataFolder()).filter((name) => name.startsWith("before-restore-"));
  const count = own.length + replaced.length;
  if (count === 0) return [];
  return [
    `${count === 1 ? "A backup" : `${count} backups`} in ${dataFolder()} ${count === 1 ? "has" : "have"} the name until you delete ${count === 1 ? "it" : "them"} (${[...own, ...replaced].join(", ")}). Whoever restores one erases the person again.`,
  ];
}

function inReplica(): string[] {
  const place = replica();
  if (place === undefined) return [];
  return [
    `The replica at ${place} has the name in its earlier states, which Litestream removes by itself within two days. Whoever restores one of them erases the person again.`,
  ];
}
