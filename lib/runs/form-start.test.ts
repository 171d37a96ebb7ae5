import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
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

test("a model is trained as the demo is, and called by the end of its path", () => {
  const { name, preset, config } = modelStart("/models/llama-1b");
  expect([name, preset, config.model]).toEqual([
    expect.stringMatching(/^llama-1b, /),
    "",
    { source: "/models/llama-1b" },
  ]);
});
