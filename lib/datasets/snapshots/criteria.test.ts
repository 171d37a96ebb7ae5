import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rowRecords } from "../../../common/rows/expand";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { judge } from "../../annotation/judging/judge";
import type { Choice, Ratings } from "../../annotation/judging/judging-schema";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { resolveRun } from "../../runs/launch";
import { loadLabelled } from "../labelled/labelled-sets";
import { decidedBy } from "./criteria";
import { createFreezer, snapshotPath } from "./freezer";
import { exporters } from "./snapshot";

freshDatabase();
seedQueue(0, 2);

/** Annotators 1 and 2 rate clarity: "good" 5 and 4, "bad" 2 and not at all; of the second record both answers alike; of the third they tie. */
async function rated(name: string): Promise<number> {
  const prompts = ["one", "two", "three"];
  const queue = await importRows(
    name,
    prompts.map((prompt) => ({ prompt, answers: [`good ${prompt}`, `bad ${prompt}`] })),
  );
  const say = (who: number, prompt: string, verdict: "good" | "tie", clarity: [number | null, number | null]) => {
    const task = takeTasks(who, queue, 10, 0).find(({ prompt: [turn] }) => turn!.content === prompt)!;
    const isLeft = task.answers[0]!.text.startsWith("good");
    const choice: Choice = verdict === "tie" ? { kind: "tie" } : { kind: isLeft ? "left" : "right", strength: 2 };
    const aspects: Ratings = { clarity: isLeft ? clarity : [clarity[1], clarity[0]] };
    const vote = { key: randomUUID(), itemId: task.id, choice, aspects, tags: ["safer"], activeMs: 1 };
    judge(who, vote, 0);
  };
  say(1, "one", "good", [5, 2]);
  say(2, "one", "good", [4, null]);
  say(1, "two", "good", [3, 3]);
  say(1, "three", "tie", [1, 4]);
  return queue;
}

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const ratings = (row: Record<string, unknown>) => [row.chosen_clarity, row.rejected_clarity, row.reason_tags];

test("mean ratings leave as a column of each answer, and chosen reasons as a list, in every form that holds pairs", async () => {
  const queue = await rated("one");
  const expected = [
    [4.5, 2, ["safer"]],
    [3, 3, ["safer"]],
  ];
  expect(lines(exporters.pairs(queue)).map(ratings)).toEqual(expected);
  expect(lines(exporters["llama-factory"](queue)).map(ratings)).toEqual(expected);
  expect(lines(exporters.kto(queue)).map(({ label, completion_clarity }) => [label, completion_clarity])).toEqual(
    expect.arrayContaining([
      [true, 4.5],
      [false, 2],
      [true, 1], // of the tie
      [true, 4],
    ]),
  );
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  for (const form of ["csv", "parquet"] as const) {
    const file = join(folder, `rows.${form}`);
    writeFileSync(file, exporters[form](queue));
    const read: unknown[] = [];
    for await (const record of rowRecords(file)) if ("value" in record) read.push(record.value);
    const plain = read.map((row) =>
      ratings(row as Record<string, unknown>).map((one) =>
        typeof one === "string" ? (JSON.parse(one) as unknown) : one,
      ),
    );
    expect(plain, form).toEqual(expected);
    const { notes, rows } = await loadLabelled(form, file, 0);
    expect([rows, notes.filter((note) => note.includes("nothing reads"))], form).toEqual([2, []]);
  }
});

test("a dataset without ratings and chosen reasons has no columns of them", async () => {
  const queue = seedQueue(1, 0, "bare");
  const { id: itemId } = takeTasks(1, queue, 1, 0)[0]!;
  judge(1, { key: randomUUID(), itemId, choice: { kind: "left", strength: 1 }, activeMs: 1 }, 0);
  expect(Object.keys(lines(exporters.pairs(queue))[0]!)).not.toEqual(expect.arrayContaining(["reason_tags"]));
  expect(String(exporters.csv(queue)).split("\r\n")[0]).toBe(
    "prompt,chosen,rejected,strength,n_raters,p_chosen,rationales",
  );
  expect(createFreezer(0)(queue, "criterion:clarity")).toBeNull();
});

test("a reward model of a criterion is given the pairs that are rated differently, ties of the votes as well", async () => {
  const queue = await rated("two");
  expect(decidedBy(queue)).toEqual([{ name: "clarity", pairs: 2 }]);
  const run = (criterion: string) =>
    resolveRun(
      {
        data: { kind: "queue", id: queue },
        config: { method: "reward", model: { source: "tiny" }, reward: { criterion } },
      },
      "unused",
      createFreezer(0),
    );
  const { train } = run("clarity").config.data;
  const frozen = lines(readFileSync(snapshotPath(Number(String(train).split(":")[1])), "utf8"));
  expect(frozen.map((row) => [(row.chosen as [{ content: string }])[0].content, row.strength, row.n_raters])).toEqual([
    ["good one", 2.5, 1], // only the first annotator rated both
    ["bad three", 3, 1],
  ]);
  expect(() => run("tone")).toThrow("has no pair whose answers are rated differently on tone");
});
