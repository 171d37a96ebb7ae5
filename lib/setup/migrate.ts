// Brings both databases up to date. A migration is one transaction: a kill leaves the old schema or the new one.
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { Refusal } from "../../common/command-line";
import { backUpBeforeMigration } from "../backup/before-migration";
import { retryOnBusy } from "../db/busy";
import { appDb, metricsDb } from "../db/client";
import { migrationsFolder, newerThanCode } from "../db/versions";
import { summariseBlocks } from "../history/compact";

/** The folder of the backup that was made first; null where nothing was migrated. Refuses databases of a newer workbench. */
export function migrateDatabases(): string | null {
  const newer = newerThanCode(appDb().$client, "app") ?? newerThanCode(metricsDb().$client, "metrics");
  if (newer) throw new Refusal(newer);
  const backup = backUpBeforeMigration(Date.now());
  bringUpToDate(() => migrate(appDb(), { migrationsFolder: migrationsFolder("app") }));
  bringUpToDate(() => migrate(metricsDb(), { migrationsFolder: migrationsFolder("metrics") }));
  bringUpToDate(() => summariseBlocks(metricsDb()));
  return backup;
}

/** Two processes may meet on a fresh database: who comes second fails on tables that are there by then, and looks again. */
function bringUpToDate(go: () => void): void {
  try {
    retryOnBusy(go);
  } catch {
    retryOnBusy(go);
  }
}
