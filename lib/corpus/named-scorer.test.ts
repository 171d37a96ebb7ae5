// A corpus's reward model by its run, and which files a request may name as one.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase, seedRun } from "../../test/database";
import { scratch } from "../../test/program";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { corpusConfig } from "./corpus-schema";
import { requireAllowedScorer, withScorer } from "./named-scorer";

const asked = (quality: object) => corpusConfig.parse({ quality });

beforeAll(() => {
  freshDatabase();
  for (const id of ["scores", "answers", "waits"]) seedRun(id);
  for (const id of ["scores", "waits"]) appDb().update(runs).set({ method: "reward" }).where(eq(runs.id, id)).run();
  for (const id of ["scores", "answers"]) {
    appDb().update(runs).set({ status: "finished" }).where(eq(runs.id, id)).run();
    mkdirSync(runFolder(id), { recursive: true });
    writeFileSync(join(runFolder(id), "adapter_model.safetensors"), "");
  }
});

test("a run stands for its folder, on the model that it was trained on", () => {
  const named = withScorer(asked({ model: "run:scores", min: 1 }));
  expect(named.quality).toEqual({ model: runFolder("scores"), base: "tiny", prompt: null, min: 1 });
  expect(() => requireAllowedScorer(named)).not.toThrow();
  expect(withScorer(asked({ model: "/a/folder" })).quality?.model).toBe("/a/folder");
  expect(withScorer(corpusConfig.parse({})).quality).toBeNull();
});

test("a run that has no scores to give, or not yet, is refused by name", () => {
  expect(() => withScorer(asked({ model: "run:answers" }))).toThrow("run answers has trained no reward model");
  expect(() => withScorer(asked({ model: "run:waits" }))).toThrow("run waits is queued");
  expect(() => withScorer(asked({ model: "run:none" }))).toThrow("There is no run none.");
});

test("a request names no files outside of its folders, neither by itself nor in an adapter's", () => {
  const outside = scratch();
  expect(() => requireAllowedScorer(asked({ model: outside }))).toThrow(/config\.quality\.model: .* is in none of/);
  const own = runFolder("scores");
  expect(() => requireAllowedScorer(asked({ model: own, base: outside }))).toThrow(
    /config\.quality\.base: .* is in none of/,
  );
  expect(() => requireAllowedScorer(asked({ model: own }))).toThrow(`name the model that ${own} stands on`);
});
