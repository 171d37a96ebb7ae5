import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import type { TrainData } from "../../spec/fields/data-sources";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { folderOf } from "./folder";
import { cloneStart, modelStart } from "./form-start";

beforeAll(() => {
  freshDatabase();
  seedRun("first");
  appDb().update(runs).set({ status: "finished" }).where(eq(runs.id, "first")).run();
});

test("a run is copied, forked at a checkpoint, or gone on from what it left", () => {
  const told = [null, 40, "last" as const].map((step) => {
    const { name, parent, config } = cloneStart("first", step);
    return [name, parent?.step, (config.adapter as { init?: string }).init];
  });
  expect(told).toEqual([
    ["first (copy)", null, undefined],
    ["first @40", 40, "run:first@40"],
    ["first (continued)", null, "run:first"],
  ]);
});

test("modules that were trained whole come with the adapter that a fork starts from", () => {
  seedRun("ends");
  const row = appDb().select().from(runs).where(eq(runs.id, "ends")).get()!;
  const adapter = { type: "lora", modulesToSave: ["norm"] };
  appDb()
    .update(runs)
    .set({ config: { ...row.config, adapter } as typeof row.config })
    .where(eq(runs.id, "ends"))
    .run();
  const told = [null, "last" as const].map((step) => cloneStart("ends", step).config.adapter);
  expect(told).toMatchObject([{ modulesToSave: ["norm"] }, { modulesToSave: [], init: "run:ends" }]);
});

test("where every weight was trained, a fork starts from the folder that the run or its checkpoint left", () => {
  seedRun("whole");
  const row = appDb().select().from(runs).where(eq(runs.id, "whole")).get()!;
  const config = { ...row.config, adapter: null } as typeof row.config;
  appDb().update(runs).set({ config, status: "finished" }).where(eq(runs.id, "whole")).run();
  expect(() => cloneStart("whole", "last")).toThrow("has saved no model yet");
  mkdirSync(folderOf(row), { recursive: true });
  writeFileSync(join(folderOf(row), "model.safetensors"), "");
  const { config: next } = cloneStart("whole", "last");
  expect([next.model, next.adapter]).toEqual([{ ...row.config.model, source: folderOf(row) }, null]);
  expect(cloneStart("whole", null).config.model).toEqual(row.config.model);
});

test("a model is trained as the demo is, and called by the end of its path", () => {
  const { name, preset, config } = modelStart("/models/llama-1b");
  expect([name, preset, config.model]).toEqual([
    expect.stringMatching(/^llama-1b, /),
    "",
    { source: "/models/llama-1b" },
  ]);
});

test("a copy says which data of the run the form cannot choose, and puts no other set with their weight", () => {
  const [sample, own] = ["data/samples/film-reviews.jsonl.gz", "/data/own.jsonl"];
  const startOn = (data: { train: TrainData; eval?: string }) => {
    seedRun(`on ${JSON.stringify(data)}`);
    const row = appDb().select().from(runs).where(eq(runs.id, "first")).get()!;
    const config = { ...row.config, data: { ...row.config.data, heldOut: 0, ...data } } as typeof row.config;
    const id = `on ${JSON.stringify(data)}`;
    appDb().update(runs).set({ config }).where(eq(runs.id, id)).run();
    const { set, mix, evaluation, unlisted } = cloneStart(id, null);
    return { set, mix, evaluation, unlisted };
  };
  const set = "sample:film-reviews";
  const plain = { set, mix: undefined, evaluation: undefined, unlisted: undefined };
  expect(startOn({ train: sample })).toEqual(plain);
  expect(startOn({ train: own, eval: "/data/eval.jsonl" })).toEqual({
    ...plain,
    unlisted: ["trained on /data/own.jsonl", "evaluated on /data/eval.jsonl"],
  });
  expect(
    startOn({
      train: [
        { file: own, weight: 3 },
        { file: sample, weight: 2 },
      ],
    }),
  ).toEqual({
    ...{ set, evaluation: undefined },
    ...{ mix: { weight: "2", others: [] }, unlisted: ["trained on /data/own.jsonl"] },
  });
});
