import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { listModels } from "./list-models";

const set = (id: string, values: Partial<typeof runs.$inferInsert>) =>
  appDb().update(runs).set(values).where(eq(runs.id, id)).run();
const leave = (id: string, file: string, bytes: number) => {
  mkdirSync(runFolder(id), { recursive: true });
  writeFileSync(join(runFolder(id), file), Buffer.alloc(bytes));
};
const setInConfig = (id: string, path: string, value: string) =>
  appDb()
    .update(runs)
    .set({ config: sql`json_set(${runs.config}, ${path}, ${value})` })
    .where(eq(runs.id, id))
    .run();

beforeAll(() => {
  freshDatabase();
  for (const [i, id] of ["tuned", "whole", "scored", "next", "away", "waiting"].entries()) seedRun(id, i);
  for (const id of ["tuned", "whole", "scored", "away"]) set(id, { status: "finished", finishedAt: 7 });
  leave("tuned", "adapter_model.safetensors", 10);
  leave("whole", "model.safetensors", 20);
  leave("scored", "adapter_model.safetensors", 30);
  leave("away", "adapter_model.safetensors", 40);
  leave("waiting", "adapter_model.safetensors", 50);
  set("scored", { method: "reward" });
  set("away", { archivedAt: 8 });
  setInConfig("next", "$.model.source", "/models/mine");
  setInConfig("waiting", "$.adapter.init", runFolder("tuned"));
});

test("models are the bundled ones, those that runs name by their path, and what finished runs left behind", async () => {
  const models = await listModels();
  expect(models.map(({ kind, name, base, usedBy }) => [kind, name, base, usedBy])).toEqual([
    ["base", "tiny", null, 4], // archived runs are not counted
    ["base", "smollm2-135m-instruct", null, 0],
    ["base", "/models/mine", null, 1],
    ["reward", "scored", "tiny", 0],
    ["weights", "whole", "tiny", 0],
    ["adapter", "tuned", "tiny", 1],
  ]);
  expect(models.filter(({ kind }) => kind !== "base").map(({ bytes, at }) => [bytes, at])).toEqual([
    [30, 7],
    [20, 7],
    [10, 7],
  ]);
  expect(models.find(({ name }) => name === "/models/mine")?.bytes).toBeNull(); // it is not there any more
  expect(models.find(({ name }) => name === "tuned")?.data).toEqual({ name: "Film reviews", dataset: null });
});
