import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { queues } from "../db/tables/queues";
import { allPlaces, placeOfRecord } from "./places";

beforeAll(() => {
  freshDatabase();
});

test("U61: datasets and runs by name, newest first, and the dataset of a record; what is deleted is not found", () => {
  seedQueue(2, 0, "first");
  const second = seedQueue(1, 0, "second");
  for (const [i, id] of ["a", "b"].entries()) seedRun(id, i);
  expect(allPlaces().datasets.map(({ name }) => name)).toEqual(["second", "first"]);
  expect(allPlaces().runs.map(({ name, status }) => [name, status])).toEqual([
    ["b", "queued"],
    ["a", "queued"],
  ]);
  expect(placeOfRecord("3")).toEqual({ id: 3, dataset: { id: second, name: "second" } });
  for (const number of ["4", "0", "1e0", "x"])
    expect(() => placeOfRecord(number), number).toThrow(expect.objectContaining({ status: 404 }));
  appDb().update(queues).set({ deletedAt: 1 }).where(eq(queues.id, second)).run();
  expect(allPlaces().datasets.map(({ name }) => name)).toEqual(["first"]);
  expect(() => placeOfRecord("3")).toThrow("There is no record 3.");
});
