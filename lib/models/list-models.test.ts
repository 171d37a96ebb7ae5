import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { models } from "../db/tables/models";
import { runs } from "../db/tables/runs";
import { changeModel } from "./change-model";
import { listModels } from "./list-models";

const set = (id: string, values: Partial<typeof runs.$inferInsert>) =>
  appDb().update(runs).set(values).where(eq(runs.id, id)).run();
const leave = (id: string, file: string, bytes: number) => {
  mkdirSync(runFolder(id), { recursive: true });
  writeFileSync(join(runFolder(id), file), Buffer.alloc(bytes));
};
const setInConfig = (id: string, path: string, value: unknown) =>
  appDb()
    .update(runs)
    .set({ config: sql`json_set(${runs.config}, ${path}, json(${JSON.stringify(value)}))` })
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

test("models are the bundled ones, those that runs name by their path, and what finished runs left behind, under what they were trained from", async () => {
  const models = await listModels();
  expect(models.map(({ depth, kind, stage, name, base, usedBy }) => [depth, kind, stage, name, base, usedBy])).toEqual([
    [0, "base", "instruct", "tiny", null, 4], // archived runs are not counted
    [1, "reward", "reward", "scored", "tiny", 0],
    [1, "weights", "chat", "whole", "tiny", 0],
    [1, "adapter", "chat", "tuned", "tiny", 1],
    [0, "base", "instruct", "smollm2-135m-instruct", null, 0],
    [0, "base", null, "/models/mine", null, 1],
  ]);
  expect(models.filter(({ kind }) => kind !== "base").map(({ bytes, at }) => [bytes, at])).toEqual([
    [30, 7],
    [20, 7],
    [10, 7],
  ]);
  expect(models.find(({ name }) => name === "/models/mine")?.bytes).toBeNull(); // it is not there any more
  expect(models.find(({ name }) => name === "tuned")?.data).toEqual({ name: "Film reviews", dataset: null });
});

test("what was trained from random weights is a base, what was trained on responses follows instructions", async () => {
  set("whole", { method: "sft" });
  const stage = async () => (await listModels()).find(({ name }) => name === "whole")?.stage;
  setInConfig("whole", "$.sft", { fromScratch: true });
  expect(await stage()).toBe("base");
  setInConfig("whole", "$.sft", { fromScratch: false });
  expect(await stage()).toBe("instruct");
});

test("a base model has the name that it was given, wherever it is listed; one taken out comes back with another run of it", async () => {
  const bases = async () => (await listModels()).filter(({ kind }) => kind === "base").map(({ name }) => name);
  changeModel({ source: "tiny", name: "The small one" }, 10);
  changeModel({ source: "/models/mine", name: "Mine" }, 10);
  const models = await listModels();
  expect(models.map(({ id, name, about }) => [id, name, about])).toContainEqual([
    "/models/mine",
    "Mine",
    "/models/mine",
  ]);
  expect(models.find(({ name }) => name === "tuned")?.base).toBe("The small one");
  changeModel({ source: "/models/mine", removed: true }, 20);
  changeModel({ source: "tiny", name: null }, 20);
  expect(await bases()).toEqual(["tiny", "smollm2-135m-instruct"]);
  changeModel({ source: "/models/mine", removed: false }, 30);
  expect(await bases()).toContain("Mine");
  changeModel({ source: "/models/mine", removed: true }, 40);
  seedRun("made later", 41);
  setInConfig("made later", "$.model.source", "/models/mine");
  expect(await bases()).toContain("Mine");
  expect(() => changeModel({ source: "/models/none", name: "None" }, 50)).toThrow(
    "/models/none was not added, and no run was made of it.",
  );
});

test("a model that was made of another without training stands under it, whether that is a base or what a run left", async () => {
  const added = { name: null, addedAt: 60, look: null, removedAt: null };
  const [ofBase, ofRun] = ["/models/of-base", "/models/of-run"];
  appDb()
    .insert(models)
    .values([
      { ...added, source: ofBase, madeOf: "tiny" },
      { ...added, source: ofRun, madeOf: runFolder("tuned") },
    ])
    .run();
  const listed = await listModels();
  const of = (source: string) => listed.find(({ id }) => id === source);
  expect(of(ofBase)).toMatchObject({ depth: 1, parent: "tiny", base: "tiny" });
  expect(of(ofRun)).toMatchObject({ depth: 2, parent: "tuned", base: "tuned" });
});
