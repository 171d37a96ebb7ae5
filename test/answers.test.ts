// What the server answers is what the pages' schemas read, to the last field.
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { judge } from "../lib/annotation/judging/judge";
import { disputes } from "../lib/annotation/judging/judging-schema";
import { takeTasks } from "../lib/annotation/judging/next-tasks";
import { listQueues } from "../lib/annotation/queues/list-queues";
import { queueDto } from "../lib/annotation/queues/queue-schema";
import { disputesOf } from "../lib/annotation/review/disputes";
import { claimRun } from "../lib/runner/claim";
import { comparedRun, drawnLines, linesInput } from "../lib/runs/compare/compare-schema";
import { comparedRuns, linesOf } from "../lib/runs/compare/compared-runs";
import { curvesOf } from "../lib/runs/curves";
import { followRun } from "../lib/runs/follow-run";
import { listRuns } from "../lib/runs/list-runs";
import { runDetail } from "../lib/runs/run-detail";
import { samplesOf } from "../lib/runs/run-samples";
import * as schemas from "../lib/runs/run-schema";
import { trainingSets } from "../lib/runs/training-sets";
import { appendPoint, beginAttempt, record } from "./attempts";
import { freshDatabase, seedQueue, seedRun } from "./database";

beforeAll(() => {
  freshDatabase();
  const queue = seedQueue(1, 2);
  for (const [person, kind] of [
    [1, "left"],
    [2, "right"],
  ] as const) {
    const [task] = takeTasks(person, queue, 1, 0);
    const side = task!.answers[0]!.text.startsWith("first") === (kind === "left") ? "left" : "right"; // they disagree, however sides were shuffled
    judge(person, { key: `vote ${person}`, itemId: task!.id, choice: { kind: side, strength: 2 }, activeMs: 1 }, 0);
  }
  seedRun("run");
  const attempt = { runId: "run", attempt: claimRun("runner", () => 1000)!.attempt };
  beginAttempt(attempt, 0);
  appendPoint(attempt, { step: 1, loss: 0.5, "on_policy/kl": 0.1, "on_policy/kl_se": 0.02 }, 1000);
  appendPoint(attempt, { step: 2, loss: Number.NaN }, 2000); // JSON makes null of it
  const now = { step: 2 };
  record(attempt, { event: "alert", rule: "drift", measured: "KL of 9", ...now }, 2000);
  record(attempt, { event: "check", name: "finite", detail: "none" }, 2000);
  record(attempt, { event: "distribution", name: "scores", low: 0, high: 1, counts: [1, 2], ...now }, 2000);
});

const linesOfLoss = () => linesOf(linesInput.parse({ metric: "loss", axis: "step", groups: "run" }));
const pointsOf = () => followRun("run", 0)().flatMap((news) => (news.event === "points" ? news.data : []));
test.each<[string, () => unknown, z.ZodType]>([
  ["runs", () => listRuns(), z.array(schemas.runSummary)],
  ["a run", () => runDetail("run"), schemas.runDetail],
  ["new points", pointsOf, z.array(schemas.point).min(2)],
  ["curves", () => curvesOf("run", { axis: "step", columns: 400 }), schemas.curves],
  ["curves over tokens that were not logged", () => curvesOf("run", { axis: "tokens", columns: 400 }), schemas.curves],
  ["samples", () => samplesOf("run"), schemas.runSamples],
  ["compared runs", () => comparedRuns(["run"]), z.array(comparedRun)],
  ["lines", linesOfLoss, drawnLines],
  ["training sets", () => trainingSets(), z.array(schemas.trainingSet)],
  ["queues", () => listQueues(1), z.array(queueDto)],
  ["disputes", () => disputesOf(1, 1), disputes.min(1)],
])("D3: %s are answered as the pages' schema has them", (_, answer, schema) => {
  const sent: unknown = JSON.parse(JSON.stringify(answer()));
  expect(schema.parse(sent)).toEqual(sent);
});
