// A migration changes every row there is: the databases are copied before, and the newest three of those copies kept.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../../common/env";
import { reading } from "../db/soundness";
import { databaseNames, isBehind, newestMigration } from "../db/versions";
import { backupsFolder, databaseFiles } from "./manifest";
import { takeBackup } from "./take-backup";
import { timeStamp } from "./time-stamp";

const kept = 3;

/** The folder of the backup; null where no migration is due. A migration touches no file beside the databases, so none is copied. */
export function backUpBeforeMigration(now: number): string | null {
  const [behind] = databaseNames.filter((name) => {
    const path = join(dataFolder(), databaseFiles[name]);
    return existsSync(path) && reading(path, (sqlite) => isBehind(sqlite, name));
  });
  if (!behind) return null;
  const folder = join(backupsFolder(), `migration-${timeStamp(now)}-to-${newestMigration(behind).tag}`);
  if (!existsSync(folder)) takeBackup(folder, [], now);
  const own = readdirSync(backupsFolder()).filter((name) => /^migration-[^.]+$/.test(name));
  for (const name of own.sort().slice(0, -kept)) rmSync(join(backupsFolder(), name), { recursive: true });
  return folder;
}
