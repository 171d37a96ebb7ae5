// Brings both databases up to date. A migration is one transaction: a kill leaves the old schema or the new one.
import { join } from "node:path";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { retryOnBusy } from "../db/busy";
import { appDb, metricsDb } from "../db/client";
import { summariseBlocks } from "../history/compact";

const folder = join(import.meta.dirname, "..", "db", "migrations");

export function migrateDatabases(): void {
  bringUpToDate(() => migrate(appDb(), { migrationsFolder: join(folder, "app") }));
  bringUpToDate(() => migrate(metricsDb(), { migrationsFolder: join(folder, "metrics") }));
  bringUpToDate(() => summariseBlocks(metricsDb()));
}

/** Two processes may meet on a fresh database: who comes second fails on tables that are there by then, and looks again. */
function bringUpToDate(go: () => void): void {
  try {
    retryOnBusy(go);
  } catch {
    retryOnBusy(go);
  }
}
