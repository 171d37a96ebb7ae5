// How far a database has been migrated, and how far this code would bring it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { z } from "zod";

export const databaseNames = ["app", "metrics"] as const;
export type DatabaseName = (typeof databaseNames)[number];

export const migrationsFolder = (name: DatabaseName) => join(import.meta.dirname, "migrations", name);

const journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })).min(1) });

/** The migrations that this code has, oldest first. */
function migrations(name: DatabaseName): { when: number; tag: string }[] {
  const text = readFileSync(join(migrationsFolder(name), "meta", "_journal.json"), "utf8");
  return journal.parse(JSON.parse(text)).entries;
}

export const newestMigration = (name: DatabaseName) => migrations(name).at(-1)!;

/** When the newest migration that a database has was written, as drizzle's migrator notes it; null where it has none. */
function migratedTo(sqlite: Database.Database): number | null {
  const table = sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get();
  if (!table) return null;
  return sqlite.prepare("SELECT max(created_at) FROM __drizzle_migrations").pluck().get() as number | null;
}

/** The newest migration that a database has, by name where this code knows it. */
export function versionOf(sqlite: Database.Database, name: DatabaseName): string {
  const at = migratedTo(sqlite);
  if (at === null) return "none";
  return migrations(name).find(({ when }) => when === at)?.tag ?? `one of ${timeOf(at)}`;
}

/** Whether it holds an older version's tables, so that a migration would change them. */
export function isBehind(sqlite: Database.Database, name: DatabaseName): boolean {
  const at = migratedTo(sqlite);
  return at !== null && at < newestMigration(name).when;
}

/** What is wrong where a newer workbench has migrated it: this code would misread it. */
export function newerThanCode(sqlite: Database.Database, name: DatabaseName): string | null {
  const at = migratedTo(sqlite);
  const { when, tag } = newestMigration(name);
  if (at === null || at <= when) return null;
  return `${sqlite.name} is of a newer workbench: its newest migration is of ${timeOf(at)}, that of this code (${tag}) of ${timeOf(when)}. Update the code, or restore a backup that was made before (docs/backup.md)`;
}

const timeOf = (at: number) => new Date(at).toISOString().slice(0, 19).replace("T", " ");
