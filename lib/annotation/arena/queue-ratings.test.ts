// A blind arena from real votes: base against tuned, whichever side they stood on.
import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../../common/env";
import { freshDatabase, seedQueue } from "../../../test/database";
import { addItems } from "../items/items";
import { judge } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { shownLeft } from "../judging/sides";
import { ratingsOf } from "./queue-ratings";

let queue: number;
beforeAll(() => {
  freshDatabase();
  queue = seedQueue(4, 1); // of one writer: they say nothing here
  const tuned = runFolder("gone");
  addItems(
    queue,
    Array.from({ length: 12 }, (_, i) => ({
      prompt: [{ role: "user", content: `prompt ${i}` }],
      answers: [`one ${i}`, `other ${i}`] as [string, string],
      source: "test",
      writers: (i < 6 ? [tuned, "tiny"] : ["tiny", tuned]) as [string, string],
    })),
  );
});

test("ratings of a queue's writers appear once there are votes enough", () => {
  const pairs = takeTasks(1, queue, 16, 0).slice(4);
  expect(ratingsOf(queue)).toEqual([]);
  for (const [i, { id }] of pairs.entries()) {
    const tunedSide = i < 6 ? "first" : "second";
    const kind = i % 6 === 0 ? "tie" : tunedSide === shownLeft(1, id) ? "left" : "right";
    const choice = kind === "tie" ? { kind } : { kind, strength: 2 };
    judge(1, { key: randomUUID(), itemId: id, choice: choice as never, activeMs: 1 }, 0);
  }
  const [best, worst] = ratingsOf(queue);
  expect([best!.writer, worst!.writer]).toEqual(["run gone", "tiny"]);
  expect(best).toMatchObject({ votes: 12, won: 11 / 12 }); // ten won and two ties
  expect(best!.rating - worst!.rating).toBeCloseTo(400 * Math.log10(11.5 / 1.5), 6);
});
