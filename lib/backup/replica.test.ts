// The drill of a lost disk, with the real Litestream: databases are copied under votes, the machine is gone at a random moment, and they are restored
// elsewhere from the copy. `npm run torture -- lost-disk` measures how much of the last second is missing.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { beforeEach, expect, test, vi } from "vitest";
import { dataFolder } from "../../common/env";
import { replicaCommand, replicaOf, requireNoCopy } from "../../scripts/setup/replica.mjs";
import { end, start, wordsOf } from "../../test/children";
import { freshDatabase, seedQueue } from "../../test/database";
import { program, scratch } from "../../test/program";
import { reading } from "../db/soundness";

const workbench = program("lib/cli.ts");
const source = freshDatabase();
const queue = seedQueue(20_000, 1);
beforeEach(() => void vi.stubEnv("WORKBENCH_DATA", source));

/** Votes until it is ended; what it has been told is kept. */
function voter(queue: number) {
  const child = start(wordsOf("test/vote-forever.ts", "1", String(queue)));
  let printed = "";
  child.stdout!.on("data", (chunk) => (printed += chunk));
  return { child, acknowledged: () => printed.split("\n").slice(0, -1) };
}

const votesIn = (data: string) =>
  reading(join(data, "app.db"), (sqlite) => sqlite.prepare("SELECT key FROM judgements ORDER BY rowid").pluck().all());

/** Restored into an empty folder, which becomes the data folder. */
function restoredFrom(place: string, ...more: string[]): string {
  const data = join(scratch(), "data");
  vi.stubEnv("WORKBENCH_DATA", data);
  vi.stubEnv("WORKBENCH_REPLICA", place);
  const { status, stderr } = workbench("restore", "--from-replica", ...more);
  expect([status, stderr]).toEqual([0, ""]);
  expect(JSON.parse(workbench("verify").stdout)).toEqual({ sound: true, faults: 0 });
  return data;
}

test("votes up to a moment survive the loss of the disk, without a gap; what is written after the restore is copied on", async () => {
  const place = join(scratch(), "another disk"); // with a space
  await requireNoCopy(place, dataFolder(), () => {});
  const copying = start(await replicaCommand(place, dataFolder(), () => {}));
  const { child, acknowledged } = voter(queue);
  await vi.waitFor(() => expect(acknowledged().length).toBeGreaterThan(200), { timeout: 100_000, interval: 100 });
  const changes = () => readdirSync(join(place, "app.db", "ltx", "0")).length; // the first is the database as it was
  await vi.waitFor(() => expect(changes()).toBeGreaterThan(3), { timeout: 100_000, interval: 100 });
  await wait(1000 * Math.random());
  await Promise.all([end(copying, "SIGKILL"), end(child, "SIGKILL")]);
  const lost = join(scratch(), "new");
  await expect(requireNoCopy(place, lost, () => {})).rejects.toThrow(
    /new has no databases, and .*another disk holds a copy/,
  );
  const copied = votesIn(restoredFrom(place));
  expect(copied.length).toBeGreaterThan(0);
  const told = acknowledged();
  expect(copied.slice(0, told.length)).toEqual(told.slice(0, copied.length));
  expect(copied.length).toBeLessThanOrEqual(told.length + 1); // one was stored, and killed before it was told

  const data = dataFolder();
  await wait(1000);
  const between = new Date();
  await wait(1000);
  const going = start(await replicaCommand(place, dataFolder(), () => {}));
  const second = voter(queue);
  await vi.waitFor(() => expect(second.acknowledged().length).toBeGreaterThan(50), { timeout: 100_000, interval: 100 });
  await end(second.child, "SIGKILL");
  await end(going, "SIGTERM"); // with what is left
  const before = restoredFrom(place, "--at", between.toISOString());
  expect(votesIn(before)).toEqual(copied); // as it was before anybody went on
  vi.stubEnv("WORKBENCH_DATA", data);
  const whole = votesIn(data); // once nobody has it open: the one that was killed may have committed more than others were told
  expect(votesIn(restoredFrom(place))).toEqual(whole);
  expect(whole.length).toBeGreaterThanOrEqual(copied.length + second.acknowledged().length);
}, 200_000);

test.each([
  ["/mnt/my disk/copy", { type: "file", path: "/mnt/my disk/copy/app.db" }],
  ["s3://labels/workbench", { url: "s3://labels/workbench/app.db" }],
  [
    "s3://labels?endpoint=http://store:9000&region=eu",
    { url: "s3://labels/app.db?endpoint=http://store:9000&region=eu" },
  ],
])("a copy in %s lies at %j", (place, replica) => {
  expect(replicaOf(place, "/data", "app.db")).toEqual(replica);
});

test.each([
  ["ftp://there/x", /give a folder, or s3:\/\/bucket\/path/],
  ["/data/copy", /in the data folder \/data; give a folder on another disk/],
])("%s is no place for a copy", (place, why) => {
  expect(() => replicaOf(place, "/data", "app.db")).toThrow(why);
});

test("restoring from a replica says what is missing, and touches nothing", () => {
  vi.stubEnv("WORKBENCH_REPLICA", "");
  const said = (...words: string[]) => workbench("restore", ...words).stderr;
  expect(said()).toContain("Name the folder of a backup, or --from-replica with where it is");
  expect(said("--from-replica")).toContain("WORKBENCH_REPLICA is not set");
  const empty = join(scratch(), "nothing");
  expect(said("--from-replica", empty, "--at", "yesterday")).toContain("a time with its zone, such as");
  expect(said("backup", "--at", "2026-11-29T09:30:00Z")).toContain("--at is of a replica");
  expect(said("--from-replica", empty)).toMatch(/has data already .*app\.db.*with --replace/);
  expect(said("--from-replica", empty, "--replace")).toContain("app.db cannot be restored");
  expect(
    reading(join(dataFolder(), "app.db"), (sqlite) => sqlite.prepare("SELECT count(*) FROM items").pluck().get()),
  ).toBe(20_000);
});
