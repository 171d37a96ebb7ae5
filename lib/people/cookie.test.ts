import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { cookies } from "next/headers";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue } from "../../test/database";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { currentAnnotator, enter } from "./current-annotator";

let folder: string;
beforeAll(() => {
  folder = freshDatabase();
  seedQueue(1, 3);
});
const as = async (cookie: string) => {
  (await cookies()).set("annotator", cookie);
  return (await currentAnnotator())?.id ?? null;
};

test("F14: nobody becomes somebody else by writing a cookie: it carries a mark that only this installation makes", async () => {
  await enter("rater 1", 0);
  const own = (await cookies()).get("annotator")!.value;
  expect(await as(own)).toBe(1);
  const mark = own.split(".")[1]!;
  const forged = [
    "1",
    "0x1",
    "1e0",
    "2",
    `2.${mark}`,
    `01.${mark}`,
    `1.${mark}x`,
    `1.${mark.slice(0, -1)}`,
    "1.",
    `.${mark}`,
    "",
    "NaN",
  ];
  for (const cookie of forged) expect(await as(cookie), cookie).toBeNull();
  expect(mark).not.toContain(readFileSync(join(folder, "secret"), "utf8").slice(0, 8));
  expect(statSync(join(folder, "secret")).mode & 0o777).toBe(0o600);
});

test("F14: a browser with the cookie of an older version is asked for its name, and goes on as the same annotator", async () => {
  expect(await as("3")).toBeNull();
  expect((await enter("Rater 3", 0)).id).toBe(3);
  expect((await currentAnnotator())?.name).toBe("rater 3");
});

test("F18: of names there may be 2,000; one more is refused with 429 and a sentence, and known ones still enter", async () => {
  const known = appDb().select().from(annotators).all().length;
  const rows = Array.from({ length: 2000 - known }, (_, i) => ({ name: `name ${i}`, createdAt: 0 }));
  appDb().insert(annotators).values(rows).run();
  await expect(enter("one too many", 0)).rejects.toMatchObject({
    status: 429,
    message: expect.stringMatching(/2000 annotators/),
  });
  expect((await enter("NAME 7", 0)).name).toBe("name 7");
});
