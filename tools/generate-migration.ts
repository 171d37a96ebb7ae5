// `npm run db:generate [-- --name=NAME]`: the next migration of app.db from lib/db/tables/, with DB=metrics that of metrics.db from
// lib/db/metrics-schema.ts. drizzle-kit cannot write STRICT tables, so that is added here.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** SQL whose tables all refuse values of another type than their column's. */
export const withStrict = (sql: string): string => sql.replace(/^(CREATE TABLE [^;]*\n\));/gm, "$1 STRICT;");

if (process.argv[1] === import.meta.filename) {
  const folder = join("lib", "db", "migrations", process.env.DB === "metrics" ? "metrics" : "app");
  const before = new Set(readdirSync(folder));
  const kit = join("node_modules", "drizzle-kit", "bin.cjs");
  execFileSync(process.execPath, [kit, "generate", ...process.argv.slice(2)], { stdio: "inherit" });
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".sql") && !before.has(name))) {
    const file = join(folder, name);
    writeFileSync(file, withStrict(readFileSync(file, "utf8")));
    process.stdout.write(`${file}\n`);
  }
}
