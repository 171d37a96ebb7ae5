import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/database";
import { scratch } from "../../test/program";
import { takeBackup } from "../backup/take-backup";
import { appDb } from "../db/client";
import { requireUsable } from "./usable";

test("what is no database is refused, and without a backup the sentence says what is left to do", () => {
  const data = scratch();
  process.env.WORKBENCH_DATA = data;
  writeFileSync(join(data, "metrics.db"), "garbage ".repeat(1000));
  expect(requireUsable).toThrow(
    `${join(data, "metrics.db")} is damaged: file is not a database. There is no backup in ${join(data, "backups")}`,
  );
});

test("a database with a damaged page is refused, and the newest backup named; an undamaged one passes", () => {
  const data = freshDatabase();
  expect(requireUsable).not.toThrow();
  appDb().$client.exec("CREATE TABLE wide (x TEXT); PRAGMA wal_checkpoint(TRUNCATE)");
  for (const name of ["older", "newer"]) takeBackup(join(data, "backups", name), [], Date.now());
  mkdirSync(join(data, "backups", "unfinished"));
  appDb().$client.close();
  const database = readFileSync(join(data, "app.db"));
  database.fill(0xff, 2 * 4096, 3 * 4096); // its third page
  writeFileSync(join(data, "app.db"), database);
  expect(requireUsable).toThrow(/app\.db is damaged: .*npm run workbench -- restore .*backups\/newer --replace/);
});
