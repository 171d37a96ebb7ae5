import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { freshDatabase, rowsRead } from "../../test/database";
import { judge } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { pairQueue } from "../annotation/queues/pair-queue";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { openDesk } from "./judgements";

const files = { request: "judgements-1.request.json", answer: "judgements-1.answer.json" };
let folder = "";
beforeAll(() => {
  freshDatabase();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workbench-desk-"));
});

function asked(run: string, queue: number | "new" = "new") {
  const pairs = ["one", "two", "three", "four"].map((content) => ({
    prompt: [{ role: "user", content }],
    answers: [`The ${content} is dull.`, `A superb ${content}.`],
  }));
  writeFileSync(join(folder, files.request), JSON.stringify({ queue, pairs }));
  const desk = openDesk(folder, run);
  desk.open(files);
  return desk;
}
const answer = () => JSON.parse(readFileSync(join(folder, files.answer), "utf8")) as object;

test("pairs that a trainer asks about go into its queue, and opinions come back as they are given: skipped pairs as ties", () => {
  const desk = asked("run-1");
  appDb().insert(annotators).values({ name: "someone", createdAt: 0 }).run();
  const name = pairQueue("new", "run-1", 0).name; // a resumed run finds its queue
  expect(answer()).toEqual({ queue: name, opinions: [null, null, null, null] });
  const tasks = takeTasks(1, 1, 10, 0);
  expect(tasks).toHaveLength(4);
  const opinions = ["tie", "tie", "second", "second"];
  const places = new Map(["one", "two", "three", "four"].map((word, i) => [word, i]));
  const seen: (string | null)[] = [null, null, null, null];
  for (const { id, prompt, answers } of tasks) {
    const i = places.get(prompt[0]!.content!)!;
    const side = answers[0]!.text.includes("superb") ? "left" : "right";
    const choice =
      i === 0 ? { kind: "tie" as const } : i === 1 ? { kind: "skip" as const } : ({ kind: side, strength: 3 } as const);
    judge(1, { key: `${id}`, itemId: id, choice, activeMs: 1 }, 0);
    desk.look();
    seen[i] = opinions[i]!;
    expect(answer()).toEqual({ queue: name, opinions: seen });
  }
});

test("P5: while nothing changes, people's opinions are not asked for again", () => {
  const desk = asked("run-2");
  desk.look();
  const { rows } = rowsRead(() => {
    for (let i = 0; i < 100; i++) desk.look();
  });
  expect(rows).toBe(0);
});

test("a queue that is not there is told as the reason why nobody will judge", () => {
  asked("run-3", 99);
  expect(answer()).toEqual({ problem: expect.stringContaining("no dataset 99") });
});
