import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { leases, runs } from "../db/tables/runs";
import { runDetail } from "../runs/run-detail";
import { requestResume, requestStop } from "../runs/stop-and-resume";
import { claimRun, leaseMs, release } from "./claim";

freshDatabase();
let clock = 0;
beforeEach(() => {
  appDb().delete(leases).run();
  appDb().delete(runs).run();
  clock = 1_000_000;
  seedRun("reward", 1);
  for (const [id, after, at] of [
    ["ppo", "reward", 2],
    ["fork", "ppo", 3],
    ["other", "", 4],
  ] as const) {
    seedRun(id, at);
    if (after)
      appDb()
        .update(runs)
        .set({ after: [after] })
        .where(eq(runs.id, id))
        .run();
  }
});
const now = () => clock;
const row = (id: string) => appDb().select().from(runs).where(eq(runs.id, id)).get()!;
const end = (id: string, status: "failed" | "stopped", attempt = 1) =>
  release(
    { runId: id, attempt, owner: "a" },
    { status, error: status === "failed" ? "memory ran out" : null, now: clock },
  );

test.each([
  ["failed", "failed"],
  ["stopped", "was stopped"],
] as const)(
  "B12: when a run %s, those that build on it fail with it, each with a sentence that names it",
  (status, words) => {
    claimRun("a", now);
    end("reward", status);
    expect(row("ppo")).toMatchObject({ status: "failed", finishedAt: clock });
    expect(row("ppo").error).toBe(`reward ${words}, and this run depends on its result: resume reward, then this run.`);
    expect(row("fork").status).toBe("failed");
    expect(row("fork").error).toContain("ppo failed, and this run depends on");
    expect(runDetail("ppo").error).toContain(`reward ${words}`);
    expect(claimRun("a", now)?.run.id).toBe("other"); // which builds on nothing
    expect(claimRun("a", now)).toBeNull();
  },
);

test("B12: those that build on a run which is taken out of the queue fail with it", () => {
  requestStop("reward");
  expect(row("reward").status).toBe("stopped");
  expect(["ppo", "fork"].map((id) => row(id).status)).toEqual(["failed", "failed"]);
  expect(row("ppo").error).toContain("reward was cancelled");
});

test("B12: runs that an earlier version left waiting for a run that failed are found when the runner looks for work", () => {
  appDb().update(runs).set({ status: "failed" }).where(eq(runs.id, "reward")).run();
  expect(claimRun("a", now)?.run.id).toBe("other");
  expect(["ppo", "fork"].map((id) => row(id).status)).toEqual(["failed", "failed"]);
});

test("B12: a run that failed with another is resumed after that one, and waits for it again", () => {
  claimRun("a", now);
  end("reward", "stopped");
  expect(() => requestResume("ppo")).toThrow("reward, which it depends on, is stopped: resume that one first.");
  requestResume("reward");
  requestResume("ppo");
  expect(claimRun("a", now)).toMatchObject({ run: { id: "reward" }, attempt: 2 });
  expect(row("ppo")).toMatchObject({ status: "queued", error: null });
});

test("F10: a run whose runner died after Stop is stopped when its lease lapses, and no trainer is started for it", () => {
  claimRun("a", now);
  appDb().update(runs).set({ requested: "stop" }).where(eq(runs.id, "reward")).run();
  clock += leaseMs + 1;
  expect(claimRun("b", now)?.run.id).toBe("other");
  expect(row("reward")).toMatchObject({ status: "stopped", requested: null, finishedAt: clock });
  expect(row("ppo").status).toBe("failed");
});

test("F10: Stop is done at once where the run's runner is gone for good", () => {
  const started = Date.now() - leaseMs - 1;
  claimRun("a", () => started);
  requestStop("reward");
  expect(row("reward")).toMatchObject({ status: "stopped", requested: null });
  expect(row("ppo").status).toBe("failed");
});
