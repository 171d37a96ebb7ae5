// Datasets by name in run files: as they stand now, or as a snapshot holds them.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, importRows, seedQueue } from "../../test/database";
import { file } from "../../test/program";
import { judge } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { dataFile, withDataFiles } from "./data-files";
import { labelledPath, loadLabelled } from "./labelled/labelled-sets";
import { datasetsOf } from "./named";
import { createFreezer, snapshotPath } from "./snapshots/freezer";

beforeAll(() => {
  freshDatabase();
});

const pair = { prompt: "p", chosen: "a", rejected: "b" };
const labelled = (name: string) => loadLabelled(name, file("rows.jsonl", JSON.stringify(pair)), 0);
function vote(queue: number): void {
  const [task] = takeTasks(1, queue, 1, 0);
  judge(1, { key: crypto.randomUUID(), itemId: task!.id, choice: { kind: "left", strength: 1 }, activeMs: 1 }, 0);
}

test("a run file's list names files and datasets; its evaluation set too", async () => {
  const { id } = await labelled("sums");
  const data = {
    train: [{ dataset: "sums", weight: 2 }, "file.json", { dataset: `labelled:${id}`, weight: 1 }],
    eval: "dataset:sums",
  };
  expect(withDataFiles({ method: "dpo", data }).data).toEqual({
    train: [
      { file: labelledPath(id), weight: 2 },
      { file: "file.json", weight: 1 },
      { file: labelledPath(id), weight: 1 },
    ],
    eval: labelledPath(id),
  });
  expect(withDataFiles({ method: "dpo", data: { train: `labelled:${id}`, eval: null } }).data.train).toBe(
    labelledPath(id),
  );
  expect(
    withDataFiles({ method: "dpo", data: { train: [{ dataset: "sums", weight: 1 }], eval: null } }).data.train,
  ).toBe(labelledPath(id));
});

test("rows of a labelled dataset are known to be its own, in any version; a file's are nobody's", async () => {
  const { id } = await labelled("own");
  for (const source of [`labelled:${id}`, `labelled:${id}@2`, "dataset:own"])
    expect(datasetsOf(source)).toEqual([{ kind: "labelled", id }]);
  expect(datasetsOf("rows.jsonl")).toEqual([]);
});

test("an unknown name is blamed on the field that gives it", () => {
  const files = (train: string, evaluated: string | null) =>
    withDataFiles({ method: "dpo", data: { train, eval: evaluated } });
  const blames = (path: string) => expect.objectContaining({ path, message: "There is no dataset nobody's." });
  expect(() => files("file.json", "dataset:nobody's")).toThrow(blames("data.eval"));
  expect(() => files("dataset:nobody's", null)).toThrow(blames("data.train"));
});

test("an annotated dataset is what people have said by now, or what a snapshot of it holds", () => {
  const queue = seedQueue(2, 1, "annotated");
  expect(() => dataFile("dataset:annotated")).toThrow("annotated has no annotated pairs yet");
  vote(queue);
  const { id } = createFreezer(0)(queue, "pairs")!;
  vote(queue);
  const rows = (source: string) => readFileSync(dataFile(source), "utf8").trim().split("\n").length;
  expect([rows("dataset:annotated"), rows(`dataset:annotated@${id}`)]).toEqual([2, 1]);
  expect(dataFile(`dataset:annotated@${id}`)).toBe(snapshotPath(id));
  for (const source of ["dataset:annotated", `dataset:annotated@${id}`, `snapshot:${id}`])
    expect(datasetsOf(source)).toEqual([{ kind: "annotate", id: queue }]);
  expect(() => dataFile("dataset:annotated@99")).toThrow(/has no snapshot 99; those that runs have taken: @1, @2/);
});

test("a name that is nobody's, of two datasets, or of one without versions is refused with what to say instead", async () => {
  await labelled("twice");
  await importRows("twice", [{ prompt: "p", answers: ["a", "b"] }]);
  await labelled("with@sign");
  expect(() => dataFile("dataset:nobody's")).toThrow("There is no dataset nobody's.");
  expect(() => dataFile("dataset:twice")).toThrow(/Several datasets are called twice; .* labelled:ID or snapshot:ID/);
  expect(() => dataFile("dataset:sums@3")).toThrow("sums has no version 3; its newest is 1.");
  expect(dataFile("dataset:with@sign")).toContain("snapshots");
});
