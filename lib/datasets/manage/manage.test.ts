// Renaming, copying, archiving, deleting: what changes, and that nothing else does.
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedRun } from "../../../test/database";
import { judge } from "../../annotation/judging/judge";
import { noteServed } from "../../annotation/judging/served";
import { tallyOf } from "../../annotation/judging/tally";
import { changeQueue, getQueue, listQueues } from "../../annotation/queues/list-queues";
import { pairQueue } from "../../annotation/queues/pair-queue";
import { appDb } from "../../db/client";
import { annotators } from "../../db/tables/annotators";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { runs } from "../../db/tables/runs";
import { labelledSets, snapshots } from "../../db/tables/training-sets";
import { sourceOf } from "../../runs/data-source";
import { listLabelled } from "../labelled/labelled-sets";
import { createFreezer, snapshotPath } from "../snapshots/freezer";
import { exportItems } from "../snapshots/snapshot";
import { changeLabelled, duplicateLabelled } from "./change-labelled";
import { duplicateQueue } from "./duplicate-queue";
import { hangsOnQueue } from "./hangs-on";
import { listDatasets } from "./list-datasets";
import { deleteLabelled, deleteQueue, restoreLabelled, restoreQueue } from "./remove-dataset";

let queue: number;
beforeAll(async () => {
  freshDatabase();
  appDb().insert(annotators).values({ name: "Ann", createdAt: 0 }).run();
  queue = await importRows("Bread", [
    { prompt: "Which bread?", answers: ["rye", "wheat"] },
    { prompt: "Which is best?", answers: ["a", "b", "c"], writers: ["x", "y", "z"] },
    { prompt: "Which is right?", answers: ["yes", "no"], gold: { verdict: "first", because: "it is" } },
  ]);
  const [task] = tallyOf(queue).tasks;
  noteServed(1, [{ id: task!.id, mirror: false }]);
  judge(1, { key: crypto.randomUUID(), itemId: task!.id, choice: { kind: "left", strength: 2 }, activeMs: 1 }, 50);
});

const names = () => listDatasets().map(({ name }) => name);
const everything = () => [items, judgements, snapshots, runs].map((table) => appDb().select().from(table).all());

test("U4: a dataset is renamed; a name of another one is refused at the field", async () => {
  const other = await importRows("Cheese", [{ prompt: "?", answers: ["a", "b"] }]);
  changeQueue(queue, 1, { name: "Loaves" }, 0);
  expect(getQueue(queue, 1).name).toBe("Loaves");
  expect(() => changeQueue(other, 1, { name: "Loaves" }, 0)).toThrow(/Another dataset is called Loaves/);
  changeQueue(other, 1, { name: "Cheese" }, 0); // its own name is free to itself
  expect(names()).toEqual(expect.arrayContaining(["Loaves", "Cheese"]));
});

test("U4: a copy has the records, rankings and gold ones too, and the settings, but nothing annotated", async () => {
  changeQueue(queue, 1, { overlap: 3, guidelines: "Taste it." }, 0);
  const copy = await duplicateQueue(queue, 100);
  expect(getQueue(copy, 1)).toMatchObject({ name: "Loaves (copy)", overlap: 3, guidelines: "Taste it.", decided: 0 });
  expect(exportItems(copy)).toBe(exportItems(queue));
  expect(tallyOf(copy)).toMatchObject({ votes: 0, goldPairs: 1 });
  expect(getQueue(await duplicateQueue(queue, 100), 1).name).toBe("Loaves (copy 2)");
});

test("U4: an archived dataset is in nobody's way but opens and comes back", () => {
  changeQueue(queue, 1, { archived: true }, 0);
  expect(listQueues(1).map(({ id }) => id)).not.toContain(queue);
  expect(getQueue(queue, 1).archived).toBe(true);
  expect(listDatasets().find(({ id, kind }) => id === queue && kind === "annotate")).toMatchObject({ archived: true });
  changeQueue(queue, 1, { archived: false }, 0);
  expect(listQueues(1).map(({ id }) => id)).toContain(queue);
});

test("U4: what hangs on a dataset is told; deleted it is gone from every list, its run and rows keep all they had, and it comes back whole", () => {
  const { id: snapshot } = createFreezer(0)(queue, "pairs")!;
  seedRun("baked");
  const config = { ...appDb().select().from(runs).get()!.config, data: { train: `snapshot:${snapshot}` } };
  appDb()
    .update(runs)
    .set({ config: config as never })
    .run();
  expect(hangsOnQueue(queue)).toEqual({ records: 3, votes: 1, annotators: 1, runs: [{ id: "baked", name: "baked" }] });
  const before = everything();
  deleteQueue(queue, 200);
  expect(names()).not.toContain("Loaves");
  expect(() => getQueue(queue, 1)).toThrow(/There is no dataset/);
  expect(() => deleteQueue(queue, 201)).toThrow(/There is no dataset/);
  expect(everything()).toEqual(before);
  expect(snapshotPath(snapshot)).toMatch(/\.jsonl$/);
  expect(sourceOf(`snapshot:${snapshot}`)).toMatchObject({
    name: expect.stringMatching(/^Loaves.*deleted since/),
    queue: null,
  });
  restoreQueue(queue);
  expect(getQueue(queue, 1)).toMatchObject({ name: "Loaves", decided: 1 });
  expect(everything()).toEqual(before);
});

test("U4: the name of a deleted dataset is free; where somebody has taken it, restoring says so", async () => {
  deleteQueue(queue, 300);
  const next = await importRows("Loaves", [{ prompt: "?", answers: ["a", "b"] }]);
  expect(next).not.toBe(queue);
  expect(() => restoreQueue(queue)).toThrow(/Another dataset is called Loaves/);
  changeQueue(next, 1, { name: "Rolls" }, 0);
  restoreQueue(queue);
  expect(names()).toEqual(expect.arrayContaining(["Loaves", "Rolls"]));
});

test("a run that asks people finds its own dataset under a new name", async () => {
  const pair = { prompt: [{ role: "user" as const, content: "?" }], answers: ["a", "b"] as [string, string] };
  pairQueue("new", "run-9", 0).add([pair]);
  const own = appDb().select().from(queues).all().at(-1)!;
  expect(own).toMatchObject({ name: "Run run-9: answers", run: "run-9" });
  changeQueue(own.id, 1, { name: "Mine" }, 0);
  expect(pairQueue("new", "run-9", 0).name).toBe("Mine");
});

test("U4: labelled datasets are renamed, copied, archived, deleted and restored like the others", async () => {
  const row = { holds: "pairs" as const, sha256: "abc", rows: 4, pairs: 4, createdAt: 0 };
  const { id } = appDb()
    .insert(labelledSets)
    .values({ name: "Imported", ...row })
    .returning()
    .get();
  const copy = await duplicateLabelled(id, 1);
  expect(copy).toMatchObject({ name: "Imported (copy)", sha256: "abc", rows: 4 });
  expect(() => changeLabelled(copy.id, { name: "Imported" }, 0)).toThrow(/Another labelled dataset/);
  changeLabelled(copy.id, { name: "Second" }, 0);
  changeLabelled(id, { archived: true }, 0);
  expect(listLabelled().map(({ name }) => name)).toEqual(["Second"]);
  deleteLabelled(copy.id, 2);
  expect(listLabelled()).toEqual([]);
  expect(() => deleteLabelled(copy.id, 3)).toThrow(/There is no labelled dataset/);
  restoreLabelled(copy.id);
  expect(listLabelled().map(({ name }) => name)).toEqual(["Second"]);
  expect(names()).toEqual(expect.arrayContaining(["Imported", "Second"]));
});
