// Brings both databases up to date. A migration is one transaction: a kill leaves the old schema or the new one.
import { join } from "node:path";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { appDb, metricsDb } from "./client";

const folder = join(import.meta.dirname, "migrations");

export function migrateDatabases(): void {
  migrate(appDb(), { migrationsFolder: join(folder, "app") });
  migrate(metricsDb(), { migrationsFolder: join(folder, "metrics") });
}
