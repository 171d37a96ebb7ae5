// Thumbs in a chat: what they store, how they are taken back, and what is shown of them when the conversation is opened again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue, seedRun } from "../../test/database";
import { takeTasks } from "../annotation/judging/next-tasks";
import { queueNamed } from "../annotation/queues/new-queue";
import { exporters } from "../datasets/snapshots/snapshot";
import { appDb } from "../db/client";
import { queues } from "../db/tables/queues";
import { runs } from "../db/tables/runs";
import { migrationsFolder } from "../db/versions";
import { chatDataset } from "./chat-datasets";
import type { ChatAnswer } from "./chat-schema";
import { setThumb, thumbsOn } from "./chat-thumbs";

beforeAll(() => {
  freshDatabase();
  seedQueue(1);
  seedRun("one");
});

const asked = (answer: string): ChatAnswer => ({ messages: [{ role: "user", content: "?" }], answer });
const press = (annotator: number, answer: string, says: "good" | "bad" | null) =>
  setThumb(annotator, "one", { ...asked(answer), key: crypto.randomUUID(), says, activeMs: 7 }, 0).dataset;
const labels = (queue: number) =>
  exporters
    .kto(queue)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { completion: [{ content: string }]; label: boolean })
    .map(({ completion, label }) => [completion[0].content, label]);

test("a thumb is a label of one answer; the other one replaces it, and none takes it back", () => {
  expect(thumbsOn(1, "one", [asked("a")])).toEqual([null]); // before there is any
  const { id, name } = press(1, "a", "good");
  expect(name).toBe("Chats with one: good or bad");
  press(1, "b", "bad");
  expect(labels(id)).toEqual([
    ["a", true],
    ["b", false],
  ]);
  press(1, "a", "bad");
  press(1, "b", null);
  press(1, "b", null); // of what was taken back already nothing is left to take back
  expect(labels(id)).toEqual([["a", false]]);
  expect(thumbsOn(1, "one", ["a", "b", "c"].map(asked))).toEqual(["bad", null, null]);
  expect(thumbsOn(2, "one", [asked("a")])).toEqual([null]); // each their own
  expect(takeTasks(2, id, 9, 0).map(({ answers }) => answers[0]!.text)).toEqual(["a", "b"]); // others may judge them too
});

test("the writer is known while the server remembers the exchange", () => {
  const messages = [{ role: "user" as const, content: "who?" }];
  const exchange = { subject: "one", messages, order: [1], answers: ["", "me"], writers: ["w", "v"], other: "tiny" };
  (globalThis as { exchanges?: Map<string, unknown> }).exchanges = new Map([["key", exchange]]);
  const { dataset } = setThumb(
    1,
    "one",
    { messages, answer: "me", key: crypto.randomUUID(), says: "good", activeMs: 1 },
    0,
  );
  const row = exporters
    .items(dataset.id)
    .split("\n")
    .find((line) => line.includes('"who?"'))!;
  expect(JSON.parse(row)).toMatchObject({ answers: ["me"], writers: ["v"], source: "chat with run one" });
});

test("each run has a dataset of its own, whatever the run, another run or another dataset is called by now", () => {
  seedRun("two");
  queueNamed("Chats with two: good or bad", 0); // somebody's pairs
  const thumb = (run: string, answer: string) =>
    setThumb(1, run, { ...asked(answer), key: crypto.randomUUID(), says: "good", activeMs: 1 }, 0).dataset;
  expect(thumb("two", "a").name).toBe("Chats with two: good or bad (2)");
  appDb().update(runs).set({ name: "one" }).where(eq(runs.id, "two")).run();
  expect(thumb("two", "b").name).toBe("Chats with two: good or bad (2)");
  expect(thumbsOn(1, "two", ["a", "b", "c"].map(asked))).toEqual(["good", "good", null]);
  expect(thumbsOn(1, "one", [asked("b")])).toEqual([null]);
  expect(thumb("one", "b").id).not.toBe(thumb("two", "b").id);
});

test("a dataset that an earlier version found by the run's name is the run's, where only one has that name", () => {
  const migration = readFileSync(join(migrationsFolder("app"), "0025_chat-datasets.sql"), "utf8");
  const long = "r".repeat(100);
  for (const run of [long, "three", "twin", "other twin"]) seedRun(run);
  appDb().update(runs).set({ name: "twin" }).where(eq(runs.id, "other twin")).run();
  const known = [
    queueNamed(`Chats with ${long}`.slice(0, 67).concat(": good or bad"), 0, "single"),
    queueNamed("Chats with three", 0),
    queueNamed("Chats with twin", 0),
  ];
  appDb().run(sql.raw(migration));
  const runOf = (id: number) => appDb().select().from(queues).where(eq(queues.id, id)).get()!.run;
  expect(known.map(runOf)).toEqual([`${long} chat thumbs`, "three chat pairs", null]);
  expect(chatDataset("three", "pairs")!.id).toBe(known[1]);
});
