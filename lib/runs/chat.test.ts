import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase, seedQueue, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { judgements } from "../db/tables/judgements";
import { runs } from "../db/tables/runs";
import { getRun } from "./attempts";
import { runsBeside, runsToChatWith, streamChat, vote } from "./chat";
import { setThumb, thumbsOn } from "./chat-thumbs";

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
  (globalThis as { exchanges?: Map<string, unknown> }).exchanges = new Map([["key", { subject: "one", ...said }]]);
});

const becomes = (id: string, change: object) =>
  appDb()
    .update(runs)
    .set({ status: "finished", ...change })
    .where(eq(runs.id, id))
    .run();

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
  (globalThis as { exchanges?: Map<string, unknown> }).exchanges!.set("alone", { subject: "one", ...alone });
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

test("a run held in its file's blocks answers beside one held in full, whose adapters learn over the same numbers, and beside none in 4 bits", () => {
  const heldIn = (id: string, quantisation: "gguf" | "nf4" | null) => {
    seedRun(id);
    const { config } = getRun(id)!;
    becomes(id, {
      config: { ...config, model: { ...config.model, source: "/m.gguf", quantisation, unquantised: [] } },
    });
  };
  heldIn("in blocks", "gguf");
  heldIn("in full", null);
  heldIn("in 4 bits", "nf4");
  const beside = (id: string) => runsBeside(id).map(({ name }) => name);
  expect([beside("in blocks"), beside("in full"), beside("in 4 bits")]).toEqual([["in full"], ["in blocks"], []]);
});

test("a base model answers without any run, and what is said of its answers fills datasets of its own", async () => {
  const messages = [{ role: "user" as const, content: "Review a film." }];
  const asked = { messages, step: null, temperature: 0, longest: 6, blind: true };
  const events = async (beside: string | null) =>
    (await new Response(await streamChat("base:tiny", { ...asked, beside })).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { exchange?: string; names?: string[]; side?: number; text?: string });
  const lines = await events("base"); // which it is itself
  expect(lines[0]!.names).toEqual(["tiny"]);
  const answer = lines.at(-1)!.text!;
  expect(answer.length).toBeGreaterThan(0);
  expect(lines.slice(1).every(({ side }) => side === 0)).toBe(true);
  const key = "0d0c4b6e-1f0a-4c64-9d0f-6a3f1f3a2b1c";
  const { dataset } = setThumb(1, "base:tiny", { messages, answer, says: "good", activeMs: 1, key }, 0);
  expect(dataset.name).toBe("Chats with tiny: good or bad");
  expect(thumbsOn(1, "base:tiny", [{ messages, answer }])).toEqual(["good"]);
  expect(appDb().select().from(items).where(eq(items.queueId, dataset.id)).get()).toMatchObject({
    source: "chat with tiny",
    writers: ["tiny", "tiny"],
  });
  await expect(streamChat("base:tiny", { ...asked, beside: null, step: 3 })).rejects.toThrow(/has no checkpoints/);
  await expect(streamChat("base:/no/such/model", { ...asked, beside: null })).rejects.toMatchObject({ status: 404 });
}, 60_000);
