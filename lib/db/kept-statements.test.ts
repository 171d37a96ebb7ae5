import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { keptStatements } from "./kept-statements";

function openDatabase(): Database.Database {
  const database = new Database(":memory:");
  database.prepare = keptStatements(database);
  return database;
}
const same = (a: Database.Statement, b: Database.Statement) => a === b;

test("D2: a text is prepared once, and of texts without end the last thousand are kept", () => {
  const database = openDatabase();
  const first = database.prepare("SELECT 0");
  for (let i = 1; i < 1000; i++) database.prepare(`SELECT ${i}`);
  expect(same(database.prepare("SELECT 0"), first)).toBe(true);
  const second = database.prepare("SELECT 2");
  for (let i = 1000; i < 1998; i++) database.prepare(`SELECT ${i}`);
  expect(same(database.prepare("SELECT 0"), first)).toBe(true);
  expect(same(database.prepare("SELECT 2"), second)).toBe(true);
  database.prepare("SELECT 1998");
  database.prepare("SELECT 1999");
  database.prepare("SELECT 2000");
  expect(same(database.prepare("SELECT 0"), first)).toBe(true);
  for (let i = 3000; i < 4000; i++) database.prepare(`SELECT ${i}`);
  expect(same(database.prepare("SELECT 0"), first)).toBe(false);
});

test("D2: who asks for a text gets its rows as objects, whatever who had it before asked it to give", () => {
  const database = openDatabase();
  const text = "SELECT 1 AS one, 2 AS two";
  expect(database.prepare(text).raw().get()).toEqual([1, 2]);
  expect(database.prepare(text).get()).toEqual({ one: 1, two: 2 });
  expect(database.prepare(text).pluck().get()).toBe(1);
  expect(database.prepare(text).all()).toEqual([{ one: 1, two: 2 }]);
  database.exec("CREATE TABLE t (a)");
  expect(database.prepare("INSERT INTO t VALUES (1)").run().changes).toBe(1); // gives no rows, and has no such modes
});
