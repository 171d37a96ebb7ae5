// Labels that came with a file and are kept: they train until a person has judged the record, and stay beside what people say.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../../test/database";
import { addPairs, oneFile } from "../../datasets/add/add-dataset";
import { duplicateQueue } from "../../datasets/manage/duplicate-queue";
import { hangsOnQueue } from "../../datasets/manage/hangs-on";
import { eventsOf } from "../../datasets/snapshots/queue-events";
import { exportQueue } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { annotators } from "../../db/tables/annotators";
import { judgements } from "../../db/tables/judgements";
import { queues } from "../../db/tables/queues";
import { activities } from "../../home/activity";
import { enter } from "../../people/current-annotator";
import { agreementOf } from "../agreement/queue-agreement";
import { judge, undoLast } from "../judging/judge";
import { takeTasks } from "../judging/next-tasks";
import { decidedItems, votesOf } from "../judging/standing-votes";
import { tallyOf } from "../judging/tally";
import { listRecords } from "../records/list-records";
import { recordDetailOf } from "../records/record-detail";
import { recordFilter } from "../records/records-schema";

let ada = 0;
beforeAll(async () => {
  freshDatabase();
  ada = (await enter("Ada", 0)).id;
});

const rows = ["2+2?", "3+3?"].map((prompt) => ({ prompt, chosen: "right", rejected: "wrong", strength: 3 }));
function fileOf(given: object[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.jsonl");
  writeFileSync(path, given.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}
const both = (name: string, given: object[] = rows) =>
  addPairs(oneFile(fileOf(given)), { name, mapping: null, by: "Ada", keepsLabels: true }, 1000);
const exported = (queueId: number) =>
  exportQueue(queueId)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { chosen: [{ content: string }]; strength: number; n_raters: number });
/** What the annotator is asked next, answered against the file. */
function contradict(queueId: number): number {
  const [task] = takeTasks(ada, queueId, 1, 2000);
  const left = task!.answers[0]!.text === "wrong";
  const choice = { kind: left ? ("left" as const) : ("right" as const), strength: 2 };
  judge(ada, { key: crypto.randomUUID(), itemId: task!.id, choice, activeMs: 5 }, 2000);
  return task!.id;
}

test("a label is kept as a vote of import, trains at once, and nobody counts as having annotated", async () => {
  const report = await both("sums");
  expect(report).toMatchObject({ added: 2, labels: 2 });
  const { queueId } = report;
  expect(exported(queueId)).toEqual([
    expect.objectContaining({
      chosen: [{ role: "assistant", content: "right" }],
      strength: 3,
      n_raters: 0,
      labelled_by: "import",
    }),
    expect.objectContaining({ n_raters: 0, labelled_by: "import" }),
  ]);
  expect(tallyOf(queueId)).toMatchObject({ decided: 2, votes: 0, votedAt: 0, disputes: { all: 0 } });
  expect(tallyOf(queueId).people.size).toBe(0); // a million labels are no million votes in memory
  expect(votesOf(queueId)).toEqual([]);
  expect(agreementOf(queueId).raters).toEqual([]);
  expect(hangsOnQueue(queueId)).toMatchObject({ votes: 0, annotators: 0 });
  expect(activities(10)).toEqual([]);
  const page = listRecords(queueId, ada, recordFilter.parse({}), null);
  expect(page.rows.map(({ label, statuses }) => [label, statuses])).toEqual([
    [expect.stringMatching(/^[AB]$/), ["open", "labelled"]],
    [expect.stringMatching(/^[AB]$/), ["open", "labelled"]],
  ]);
  expect(page.facets!.annotator).toMatchObject([{ label: "import", count: 2 }]);
  expect(page.facets!.said).toEqual([]); // the file says which answer, and seldom by how much
  expect(eventsOf(queueId).map(({ who, what }) => [who, what])).toEqual([
    ["import", "vote"],
    ["import", "vote"],
  ]);
  expect(await both("sums")).toMatchObject({ added: 0, duplicates: 2 });
  expect(eventsOf(queueId)).toHaveLength(2);
});

test("a record with a given label is judged again; what the person says counts, the label stands beside it, and undo brings it back", async () => {
  const { queueId } = await both("again");
  appDb().update(queues).set({ overlap: 1 }).where(eq(queues.id, queueId)).run();
  const id = contradict(queueId);
  expect(exported(queueId)[0]).toMatchObject({ chosen: [{ content: "wrong" }], strength: 2, n_raters: 1 });
  expect(exported(queueId)[0]).not.toHaveProperty("labelled_by");
  expect(tallyOf(queueId)).toMatchObject({ decided: 2, votes: 1, disputes: { all: 0 } });
  const votes = () => recordDetailOf(queueId, ada, id, recordFilter.parse({}))!.votes;
  expect(votes().map(({ who, given, undoneAt }) => [who, given, undoneAt])).toEqual([
    ["Ada", false, null],
    ["import", true, null],
  ]);
  undoLast(ada, queueId, "undo", 3000);
  expect(undoLast(ada, queueId, "undo more", 3000)).toBeNull(); // the given label is nobody's to take back
  expect(votes().map(({ who, undoneAt }) => [who, undoneAt])).toEqual([
    ["Ada", 3000],
    ["import", null],
  ]);
  expect([...decidedItems(queueId)]).toHaveLength(2);
  expect(exported(queueId)[0]).toMatchObject({ chosen: [{ content: "right" }], n_raters: 0 });
});

test("a copy has the labels that came with the records, and nothing that people said", async () => {
  const { queueId } = await both("original");
  contradict(queueId);
  const copy = await duplicateQueue(queueId, 4000);
  expect(exported(copy).map(({ chosen, n_raters }) => [chosen[0].content, n_raters])).toEqual([
    ["right", 0],
    ["right", 0],
  ]);
});

test("labels that nobody wants are told to nobody; answers without a label have none", async () => {
  const hidden = await addPairs(
    oneFile(fileOf(rows)),
    { name: "hidden", mapping: null, by: "Ada", keepsLabels: false },
    0,
  );
  expect(hidden).not.toHaveProperty("labels");
  expect(tallyOf(hidden.queueId).decided).toBe(0);
  const open = await both("open", [{ prompt: "p", answers: ["a", "b"] }, rows[0]!]);
  expect(open).toMatchObject({ added: 2, labels: 1 });
  expect(tallyOf(open.queueId).decided).toBe(1);
});

test("import is nobody whom a person can enter as", async () => {
  await both("somebody");
  await expect(enter("Import", 0)).rejects.toMatchObject({ status: 409, message: /choose another name/ });
  const file = appDb().select().from(annotators).where(eq(annotators.kind, "import")).all();
  expect(file.map(({ name }) => name)).toEqual(["import"]);
  const given = appDb().select().from(judgements).where(eq(judgements.annotatorId, file[0]!.id)).all();
  expect(given.every(({ kind, key }) => kind === "vote" && key.startsWith("import/"))).toBe(true);
});

test("the same file again reports no label as kept, a longer one those that are new", async () => {
  expect(await both("counted")).toMatchObject({ added: 2, labels: 2 });
  expect(await both("counted")).toMatchObject({ added: 0, duplicates: 2, labels: 0 });
  const more = [...rows, { prompt: "4+4?", chosen: "right", rejected: "wrong" }];
  expect(await both("counted", more)).toMatchObject({ added: 1, duplicates: 2, labels: 1 });
});
