import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../test/database";
import { judge, progress } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { currentAnnotator, enter, signOut } from "./current-annotator";
import { rename } from "./rename";

beforeAll(() => {
  freshDatabase();
  seedQueue(2, 2);
});

test("U5: a renamed annotator keeps every annotation; a name that is taken, in any case, is refused with a sentence", async () => {
  const { id } = await enter("rater 1", 0);
  const [task] = takeTasks(id, 1, 1, 0);
  judge(id, { key: "k", itemId: task!.id, choice: { kind: "left", strength: 2 }, activeMs: 1 }, 0);
  await expect(rename(id, "RATER 2")).rejects.toMatchObject({
    status: 409,
    message: /Another annotator is called rater 2/,
  });
  expect(await rename(id, "Rater 1")).toMatchObject({ id, name: "Rater 1" }); // its own name in other letters
  expect(await rename(id, "Ada")).toMatchObject({ id, name: "Ada" });
  expect((await currentAnnotator())?.name).toBe("Ada");
  expect((await enter("ada", 1)).id).toBe(id);
  expect(progress(id, 1).judged).toBe(1);
});

test("U5: whoever signs out is nobody in this browser, and the same again under the name", async () => {
  const { id } = await enter("Grace", 0);
  await signOut();
  expect(await currentAnnotator()).toBeNull();
  expect((await enter("Grace", 0)).id).toBe(id);
});

test("who was erased keeps the made-up name: another one would stand on their votes for good", async () => {
  const { id } = await enter("Gone", 0);
  appDb().update(annotators).set({ name: "annotator-7f3a", erasedAt: 1 }).where(eq(annotators.id, id)).run();
  await expect(rename(id, "Gone")).rejects.toMatchObject({ status: 409, message: /annotator-7f3a was erased/ });
});
