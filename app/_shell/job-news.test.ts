import { expect, test } from "vitest";
import type { Job } from "@/lib/jobs/job-schema";
import { newsOf } from "./job-news";

const run = (id: string, over: Partial<Job>): Job => ({
  ...{ id, kind: "run", title: id, href: `/runs/${id}`, status: "running", said: "", progress: 0, remainingMs: null },
  ...{ alerts: 0, startedAt: 0, endedAt: null, error: null },
  ...over,
});
const ended = { status: "finished", endedAt: 5 } as const;

test("U41: an end and a new alert are news once; what had ended before, or goes on as before, is none", () => {
  const before = [run("ends", {}), run("warns", { alerts: 1 }), run("old", ended), run("goes on", {})];
  const now = [run("ends", ended), run("warns", { alerts: 2 }), run("old", ended), run("goes on", { progress: 0.5 })];
  expect(newsOf(before, now).map(({ text }) => text)).toEqual(["ends: finished", "warns: new alert"]);
  expect(newsOf(now, now)).toEqual([]);
  expect(newsOf([], [run("quick", { status: "failed", endedAt: 5 })]).map(({ text }) => text)).toEqual([
    "quick: failed",
  ]);
});
