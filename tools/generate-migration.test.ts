import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withStrict } from "./generate-migration";

test("every table of a migration becomes strict, and nothing else changes", () => {
  const generated =
    "CREATE TABLE `a` (\n\t`id` integer PRIMARY KEY\n);\n--> statement-breakpoint\nCREATE TABLE `b` (\n\t`a` text DEFAULT ')' NOT NULL\n);\n--> statement-breakpoint\nCREATE UNIQUE INDEX `i` ON `a` (`id`);";
  expect(withStrict(generated)).toBe(generated.replaceAll("\n);", "\n) STRICT;"));
});

test("the tables of all migrations are strict", () => {
  const folders = ["app", "metrics"].map((name) => join("lib", "db", "migrations", name));
  for (const folder of folders)
    for (const name of readdirSync(folder).filter((name) => name.endsWith(".sql"))) {
      const sql = readFileSync(join(folder, name), "utf8");
      expect(withStrict(sql), name).toBe(sql);
    }
});
