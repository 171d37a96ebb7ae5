// What stands between a queue's pairs: gold ones, mirrored ones, what a reviewer sent back; and which pairs come first.
import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { exporters } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { agreementOf } from "../agreement/queue-agreement";
import { putScores } from "../items/item-scores";
import { judge, progress, undoLast } from "./judge";
import type { Choice, TaskDto } from "./judging-schema";
import { mirrorGap, takeTasks } from "./next-tasks";
import { returnItems } from "./returns";
import { decidedItems, votesOf } from "./standing-votes";
import { lessonOf } from "./training-answer";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 9);
});

let made = 0;
type Settings = Partial<typeof queues.$inferInsert>;
const queueOf = async (rows: object[], settings: Settings = {}) => {
  const id = await importRows(`queue ${made++}`, rows);
  if (Object.keys(settings).length > 0) appDb().update(queues).set(settings).where(eq(queues.id, id)).run();
  return id;
};
const plain = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ prompt: `p${i}`, answers: [`a${i}`, `b${i}`] }));
const gold = (count: number, verdict = "first") =>
  Array.from({ length: count }, (_, i) => ({
    prompt: `g${i}`,
    answers: ["right", `wrong ${i}`],
    gold: { verdict, because: "It is." },
  }));
const next = (annotator: number, queue: number, limit = 1, now = 0) => takeTasks(annotator, queue, limit, now);
const vote = (annotator: number, task: TaskDto, choice: Choice = { kind: "tie" }) =>
  judge(
    annotator,
    { key: randomUUID(), itemId: task.id, choice, activeMs: 1, mirror: task.mirror, revises: task.revises },
    0,
  );
const prefer = (task: TaskDto, text: string): Choice => {
  return { kind: task.answers[0]!.text === text ? "left" : "right", strength: 2 };
};

test("F14: a training round comes first, says what is right after each vote and to its voter alone, and trains nothing", async () => {
  const queue = await queueOf([...plain(3), ...gold(4)], { training: 2 });
  expect(next(1, queue, 10)).toHaveLength(2);
  for (let i = 0; i < 2; i++) {
    const [task] = next(1, queue);
    expect(task!.lesson).toBe(true);
    expect(JSON.stringify(task)).not.toContain("It is."); // F14: before the vote nobody is told
    expect(() => lessonOf(1, queue, task!.id)).toThrow("annotate it first");
    vote(1, task!, prefer(task!, i === 0 ? "right" : "wrong 1"));
    const { right, because } = lessonOf(1, queue, task!.id);
    expect(because).toBe("It is.");
    expect(task!.answers[right === "left" ? 0 : 1]!.text).toBe("right");
    expect(() => lessonOf(2, queue, task!.id)).toThrow("annotate it first");
  }
  expect(next(1, queue, 10).map(({ lesson, prompt }) => [lesson, prompt[0]!.content])).toEqual([
    [false, "p0"],
    [false, "p1"],
    [false, "p2"],
  ]);
  expect(progress(1, queue)).toMatchObject({ total: 3, judged: 0, canUndo: true });
  expect([...decidedItems(queue)]).toEqual([]);
  expect(exporters.pairs(queue)).toBe("");
  vote(1, next(1, queue)[0]!);
  expect(agreementOf(queue).raters).toMatchObject([{ id: 1, judged: 1, gold: { value: 0.5, n: 2 } }]);
});

test("gold and mirrored pairs come at their rates, look like all others, and count for nothing but the annotator", async () => {
  const pairs = 300;
  const queue = await queueOf([...plain(pairs), ...gold(100)], { goldPercent: 10, mirrorPercent: 5 });
  const seen = { gold: 0, mirror: 0 };
  let since = 0;
  const votedAt = new Map<number, number>();
  const before = new Map<number, string[]>();
  while (progress(2, queue).judged < pairs) {
    const [task] = next(2, queue);
    expect(task!.lesson).toBe(false);
    const texts = task!.answers.map(({ text }) => text);
    if (task!.mirror) {
      seen.mirror++;
      expect(texts).toEqual(before.get(task!.id)!.toReversed());
      expect(since - votedAt.get(task!.id)!).toBeGreaterThanOrEqual(mirrorGap);
    } else {
      if (task!.prompt[0]!.content!.startsWith("g")) seen.gold++;
      expect(before.has(task!.id)).toBe(false);
      before.set(task!.id, texts);
      votedAt.set(task!.id, ++since);
    }
    vote(2, task!, { kind: "left", strength: 2 }); // somebody who leans to the left
  }
  expect(seen.gold).toBeGreaterThan(15);
  expect(seen.gold).toBeLessThan(60);
  expect(seen.mirror).toBeGreaterThan(4);
  expect(seen.mirror).toBeLessThan(30);
  expect(votesOf(queue)).toHaveLength(pairs);
  const [rater] = agreementOf(queue).raters;
  expect(rater).toMatchObject({ judged: pairs, mirror: { value: 0, n: seen.mirror }, left: { value: 1 } });
  expect(rater!.gold!.n).toBe(seen.gold);
});

test("a vote on a mirrored pair is undone as any other", async () => {
  const queue = await queueOf(plain(60), { mirrorPercent: 50 });
  for (let task = next(3, queue)[0]!; !task.mirror; task = next(3, queue)[0]!)
    vote(3, task, { kind: "left", strength: 1 });
  const [task] = next(3, queue);
  vote(3, task!, { kind: "right", strength: 3 });
  expect(undoLast(3, queue, randomUUID(), 0)).toMatchObject({
    task: { id: task!.id, mirror: true, key: `${task!.id}/mirror`, answers: task!.answers },
    choice: { kind: "right", strength: 3 },
  });
  expect(next(3, queue)[0]).toMatchObject({ id: task!.id, mirror: true });
});

test("nobody judges more than the quota", async () => {
  const queue = await queueOf(plain(9), { quota: 4 });
  for (let i = 0; i < 4; i++) vote(4, next(4, queue)[0]!);
  expect(next(4, queue, 10)).toEqual([]);
  expect(next(5, queue, 10)).toHaveLength(4);
});

test("what a reviewer sends back comes first, with the note, until it is judged anew", async () => {
  const queue = await queueOf(plain(3));
  for (const annotator of [6, 7]) vote(annotator, next(annotator, queue)[0]!, { kind: "left", strength: 1 });
  const { itemId } = votesOf(queue)[0]!;
  expect(returnItems(1, [itemId], "Read the prompt again.", 0)).toEqual({ people: 2, records: 1 });
  const [task, after] = next(6, queue, 2);
  expect(task).toMatchObject({ id: itemId, note: "Read the prompt again.", revises: true });
  expect(after!.note).toBeNull();
  vote(6, task!, { kind: "right", strength: 4 });
  expect(next(6, queue)[0]!.note).toBeNull();
  expect(next(7, queue)[0]!.note).toBe("Read the prompt again."); // not done there
  expect(votesOf(queue)).toHaveLength(2); // the new vote took the old one's place
  expect(appDb().select().from(judgements).where(eq(judgements.itemId, itemId)).all()).toHaveLength(4); // and nothing is gone
});

test("pairs of which the reward model is unsure come first, or those where it sees the widest gap; the chance is kept", async () => {
  const scored = (strategy: "unsure" | "gap") => queueOf(plain(100), { strategy });
  for (const strategy of ["unsure", "gap"] as const) {
    const queue = await scored(strategy);
    const all = appDb().select().from(items).where(eq(items.queueId, queue)).all();
    const margin = new Map(all.map(({ id }, i) => [id, (i * 37) % 99])); // the last one has no score
    putScores(
      all.slice(0, -1).map(({ id }) => ({ id, first: margin.get(id)!, second: 0 })),
      "a run",
      0,
    );
    const tasks = next(8, queue, 40);
    const wanted = all
      .slice(0, -1)
      .map(({ id }) => id)
      .sort((a, b) => (strategy === "gap" ? margin.get(b)! - margin.get(a)! : margin.get(a)! - margin.get(b)!));
    const best = tasks.filter(({ id }) => wanted.slice(0, 40).includes(id)).length;
    expect(best).toBeGreaterThan(24); // 85 % of the draws and some luck
    expect(next(8, queue, 40).map(({ id }) => id)).toEqual(tasks.map(({ id }) => id)); // a look again changes nothing
    vote(8, tasks[0]!);
    const { chance } = votesOf(queue)[0]!;
    expect([0.15 / 100, 0.85 + 0.15 / 100]).toContain(chance);
  }
});

test("pairs on which people disagree come first", async () => {
  const queue = await queueOf(plain(30), { strategy: "disagreement" });
  const split = appDb().select().from(items).where(eq(items.queueId, queue)).all()[20]!.id;
  for (const annotator of [1, 2]) {
    const task = { ...next(annotator, queue, 30).find(({ id }) => id === split)! };
    vote(annotator, task, prefer(task, annotator === 1 ? "a20" : "b20"));
  }
  const firsts = Array.from({ length: 40 }, (_, i) => {
    appDb().update(queues).set({ overlap: null }).where(eq(queues.id, queue)).run();
    const [task] = next(3, queue, 1, i * 3_600_000); // each hour what was held is drawn anew
    return task!.id;
  });
  expect(firsts.filter((id) => id === split).length).toBeGreaterThan(24);
});
