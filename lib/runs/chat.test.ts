import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase, seedQueue, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { judgements } from "../db/tables/judgements";
import { runs } from "../db/tables/runs";
import { getRun } from "./attempts";
import { runsBeside, runsToChatWith, streamChat, vote } from "./chat";

beforeAll(() => {
  freshDatabase();
  seedQueue(1);
  for (const id of ["one", "other"]) seedRun(id);
  const said = {
    messages: [{ role: "user", content: "?" }],
    order: [0, 1],
    answers: ["a", "b"],
    writers: ["w", "v"],
    other: "tiny",
  };
  (globalThis as { exchanges?: Map<string, unknown> }).exchanges = new Map([["key", { runId: "one", ...said }]]);
});

test("B10: a vote on what another run said is refused, and told from the run's own", () => {
  expect(() => vote(1, "other", "key", "left", 1, 0)).toThrow(expect.objectContaining({ status: 404 }));
  expect(appDb().select().from(judgements).all()).toEqual([]);
  expect(vote(1, "one", "key", "left", 1, 0)).toMatchObject({ names: ["tiny", "one"] });
});

test("U56: the answer of one model alone has nothing to be compared with", () => {
  const alone = {
    messages: [{ role: "user", content: "?" }],
    order: [1],
    answers: ["", "b"],
    writers: ["w", "v"],
    other: "tiny",
  };
  (globalThis as { exchanges?: Map<string, unknown> }).exchanges!.set("alone", { runId: "one", ...alone });
  expect(() => vote(1, "one", "alone", "left", 1, 0)).toThrow(expect.objectContaining({ status: 400 }));
});

test("a vote on answers whose names were shown is refused: it would not be blind", () => {
  const { exchanges } = globalThis as { exchanges?: Map<string, object> };
  exchanges!.set("named", { ...exchanges!.get("key"), named: true });
  expect(() => vote(1, "one", "named", "left", 1, 0)).toThrow(/would not be blind/);
});

test("U56: a run answers beside finished runs of its own base model, and beside no other", async () => {
  for (const [i, id] of ["older", "newer", "larger", "scorer"].entries()) seedRun(id, i);
  const { config } = getRun("larger")!;
  const becomes = (id: string, change: object) =>
    appDb()
      .update(runs)
      .set({ status: "finished", ...change })
      .where(eq(runs.id, id))
      .run();
  becomes("older", {});
  becomes("newer", {});
  becomes("larger", { config: { ...config, model: { ...config.model, source: "smollm2" } } });
  becomes("scorer", { config: { ...config, method: "reward" } });
  expect(runsToChatWith()).toEqual([]); // none of them has left an adapter
  mkdirSync(runFolder("newer"), { recursive: true });
  writeFileSync(join(runFolder("newer"), "adapter_model.safetensors"), "");
  expect(runsToChatWith()).toEqual([{ id: "newer", name: "newer", model: "tiny" }]);
  expect(runsBeside("one").map(({ name }) => name)).toEqual(["newer", "older"]); // "other" is still queued
  const messages = [{ role: "user" as const, content: "?" }];
  for (const beside of ["larger", "scorer"])
    await expect(
      streamChat("one", { messages, step: null, temperature: 1, longest: 9, beside, blind: true }),
    ).rejects.toThrow(`${beside} is no tuned tiny`);
});
