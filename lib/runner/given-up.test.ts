// Jobs on other machines that are left without anybody who follows them: they train nothing more.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { leases, runs } from "../db/tables/runs";
import { isUnwanted, want } from "../machines/wanted-job";
import { claimRun, leaseMs } from "./claim";
import { startEngine } from "./start-engine";

freshDatabase();

/** A run that was claimed for a machine that is no longer set up, and its job. */
function submitted(id: string) {
  seedRun(id);
  appDb().run(sql`UPDATE runs SET config = json_set(config, '$.machine', 'gone') WHERE id = ${id}`);
  const claim = claimRun(
    "a",
    () => 1000,
    () => false,
  )!;
  const folder = runFolder(id);
  mkdirSync(folder, { recursive: true });
  want(folder, 1, "its-job");
  return { claim, unwanted: () => isUnwanted(folder, 1, "its-job"), log: join(folder, "attempt-1.log") };
}

test("Stop reaches a job whose runner died before it could write down its id", () => {
  const { unwanted } = submitted("unrecorded");
  appDb().update(runs).set({ requested: "stop" }).run();
  expect(unwanted()).toBe(false);
  expect(claimRun("b", () => 1000 + leaseMs + 1)).toBeNull();
  expect(appDb().select().from(runs).where(eq(runs.id, "unrecorded")).get()!.status).toBe("stopped");
  expect(unwanted()).toBe(true);
});

test("a job whose machine is no longer set up is given up with its run", async () => {
  const { claim, unwanted, log } = submitted("adopted");
  appDb().update(leases).set({ job: "7" }).where(eq(leases.runId, "adopted")).run();
  const { ended } = startEngine({ ...claim, job: "7" }, { log, note: () => {}, processors: null });
  expect((await ended)?.words[0]).toContain("there is no machine gone");
  expect(unwanted()).toBe(true);
});
