import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { beginAttempt } from "../../test/attempts";
import { freshDatabase, seedRun } from "../../test/database";
import { claimRun } from "../runner/claim";
import { appendLog } from "./attempts";
import { requireRun } from "./require-run";
import { logOf } from "./run-log";

beforeAll(() => void freshDatabase());

test("a run's log has what its process printed, what it reported, and warnings as such", () => {
  seedRun("logged");
  const { attempt } = claimRun("runner", () => 1000)!;
  const own = { runId: "logged", attempt };
  beginAttempt(own, 0);
  expect(logOf(requireRun("logged"))).toEqual([]); // there is no file yet
  mkdirSync(runFolder("logged"), { recursive: true });
  const printed = `${"x".repeat(70_000)}\nsecond\n\nthird\n`; // the first line is longer than what is read
  writeFileSync(join(runFolder("logged"), `attempt-${attempt}.log`), printed);
  appendLog(own, "saved step 2", 5);
  appendLog(own, "alert at step 2: loss is not a number (NaN)", 6);
  expect(logOf(requireRun("logged"))).toEqual([
    { at: null, level: "output", text: "second" },
    { at: null, level: "output", text: "third" },
    { at: 5, level: "info", text: "saved step 2" },
    { at: 6, level: "warn", text: "alert at step 2: loss is not a number (NaN)" },
  ]);
});
