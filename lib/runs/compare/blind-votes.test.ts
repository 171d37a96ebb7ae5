import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue, seedRun } from "../../../test/database";
import { judge } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { appDb, metricsDb } from "../../db/client";
import { answers } from "../../db/metrics-schema";
import { items } from "../../db/tables/items";
import { queues } from "../../db/tables/queues";
import { askBlind, blindVotes } from "./blind-votes";

beforeAll(() => {
  freshDatabase();
  seedQueue(1);
  for (const id of ["beta", "alpha", "silent"]) seedRun(id);
  sampled("alpha", 0, ["alpha before"]);
  sampled("alpha", 8, ["alpha 0", "alpha 1", "the same", ""]);
  sampled("beta", 4, ["beta 0", "beta 1", "the same", "beta 3", "beta 4"]);
});

function sampled(runId: string, step: number, texts: string[]): void {
  const rows = texts.map((answer, slot) => ({
    runId,
    step,
    slot,
    attempt: 1,
    prompt: `prompt ${slot}`,
    answer,
    tokens: 1,
    kl: 0,
  }));
  metricsDb().insert(answers).values(rows).run();
}

test("what two runs answered last to the same prompts becomes pairs, once; what is empty, equal or answered by one is none", () => {
  const { queueId, added } = askBlind(["beta", "alpha"], 0);
  expect(added).toBe(2);
  const asked = appDb().select().from(items).where(eq(items.queueId, queueId)).all();
  expect(asked.map(({ prompt, first, second }) => [prompt[0]!.content, first, second])).toEqual([
    ["prompt 0", "alpha 0", "beta 0"],
    ["prompt 1", "alpha 1", "beta 1"],
  ]);
  appDb().update(queues).set({ name: "renamed" }).where(eq(queues.id, queueId)).run();
  expect(askBlind(["alpha", "beta"], 1)).toEqual({ queueId, added: 0 });
  sampled("beta", 8, ["beta 0, later"]);
  expect(askBlind(["alpha", "beta"], 1)).toEqual({ queueId, added: 1 });
  expect(() => askBlind(["alpha", "silent"], 0)).toThrow(/alpha and silent have no two different completions/);
  expect(() => askBlind(["alpha", "alpha"], 0)).toThrow(/two different runs/);
});

test("annotations are counted for the run that each answer is of, however the sides were shown and the runs are named", () => {
  const { queueId } = blindVotes(["alpha", "beta"])!;
  for (const [i, task] of takeTasks(1, queueId, 3, 0).entries()) {
    const alphaLeft = task.answers[0]!.text.startsWith("alpha");
    const kind = i === 2 ? "tie" : alphaLeft === (i === 0) ? "left" : "right"; // alpha, beta, neither
    judge(
      1,
      { key: `v${i}`, itemId: task.id, choice: kind === "tie" ? { kind } : { kind, strength: 4 }, activeMs: 1 },
      0,
    );
  }
  const [later] = takeTasks(2, queueId, 1, 0);
  const kind = later!.answers[0]!.text.startsWith("alpha") ? "left" : "right";
  judge(2, { key: "second", itemId: later!.id, choice: { kind, strength: 1 }, activeMs: 1 }, 0);
  expect(blindVotes(["alpha", "beta"])).toMatchObject({ records: 3, first: 2, second: 1, even: 1 });
  expect(blindVotes(["beta", "alpha"])).toMatchObject({ first: 1, second: 2, even: 1 });
  const [low, high] = blindVotes(["alpha", "beta"])!.interval!;
  const [p, n, z] = [2 / 3, 3, 1.959964]; // Wilson (1927): the shares q with |p − q| = z √(q (1 − q) / n)
  for (const q of [low, high]) expect(Math.abs(p - q)).toBeCloseTo(z * Math.sqrt((q * (1 - q)) / n), 9);
  expect(blindVotes(["alpha", "silent"])).toBeNull();
});

test("of answers that win by their length alone, neither would be preferred at equal length", () => {
  for (const id of ["brief", "wordy"]) seedRun(id);
  // the longer answer wins four times of five; the wordy one's are longer more often
  const longerIsWordy = Array.from({ length: 24 }, (_, i) => i % 3 !== 0);
  sampled(
    "brief",
    1,
    longerIsWordy.map((wordy, i) => `brief ${i} ${"x".repeat(wordy ? 10 + i : 200 + i)}`),
  );
  sampled(
    "wordy",
    1,
    longerIsWordy.map((wordy, i) => `wordy ${i} ${"x".repeat(wordy ? 200 - i : 10)}`),
  );
  const { queueId } = askBlind(["brief", "wordy"], 0);
  for (const task of takeTasks(1, queueId, 24, 0)) {
    const [left, right] = task.answers.map(({ text }) => text.length);
    const isUpset = Number(/\d+/.exec(task.answers[0]!.text)![0]) % 5 === 0;
    const kind = left! > right! !== isUpset ? "left" : "right";
    judge(1, { key: `length ${task.id}`, itemId: task.id, choice: { kind, strength: 2 }, activeMs: 1 }, 0);
  }
  const votes = blindVotes(["wordy", "brief"])!;
  expect(votes).toMatchObject({ first: 15, second: 9 }); // 13 of the 16 where it is longer, 2 of the others
  const { winRate, low, high } = votes.equalLength!;
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.5);
  expect(winRate).toBeLessThan(15 / 24);
  const swapped = blindVotes(["brief", "wordy"])!.equalLength!;
  expect(swapped.winRate).toBeCloseTo(1 - winRate, 9);
  expect(swapped.low).toBeCloseTo(1 - high, 9);
});
