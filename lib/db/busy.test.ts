import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { dataFolder } from "../../common/env";
import { freshDatabase } from "../../test/database";
import { retryOnBusyAsync, withoutWaiting } from "./busy";
import { appDb } from "./client";

freshDatabase();
const other = new Database(join(dataFolder(), "app.db"), { timeout: 0 });
afterEach(() => void (other.inTransaction && other.exec("ROLLBACK")));

const timeout = () => appDb().$client.pragma("busy_timeout", { simple: true });
const write = () => appDb().$client.exec("INSERT OR REPLACE INTO settings VALUES ('note', 'x')");

test("F4: while another program holds the database only the first try of one request waits inside SQLite", async () => {
  other.exec("BEGIN IMMEDIATE");
  const waits: unknown[] = [];
  const request = () =>
    retryOnBusyAsync(() => {
      waits.push(timeout());
      write();
    });
  const requests = Promise.all([request(), request(), request()]);
  while (waits.length < 12) await new Promise((resolve) => setTimeout(resolve, 5));
  other.exec("ROLLBACK");
  await requests;
  expect(waits.filter((ms) => ms !== 0)).toEqual([250]);
  expect(timeout()).toBe(250);
});

test("what is thrown without waiting leaves the connections as they were", () => {
  expect(() =>
    withoutWaiting(() => {
      throw new Error("x");
    }),
  ).toThrow("x");
  expect(timeout()).toBe(250);
});

test("a database that stays held is refused once the patience is over", async () => {
  other.exec("BEGIN IMMEDIATE");
  await expect(retryOnBusyAsync(write, 200)).rejects.toMatchObject({ code: "SQLITE_BUSY" });
});
