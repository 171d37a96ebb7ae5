// Runners that are stopped (SIGSTOP) while they write, past their lease, and wake up once another has their run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { createRandom } from "../../common/random";
import type { Experiment, Outcome, Setting } from "./experiment";
import { createDatabases, endRun, queueRun, type Worker, work } from "./queued-runs";

const longestMs = 60_000;

export const stoppedWorkers: Experiment = {
  name: "stopped-workers",
  fault: "a runner stopped while it writes, until its lease has lapsed and another has its run",
  demand: "once awake it writes nothing more, neither extends nor ends the lease, and notices",
  size: 500,
  unit: "workers",
  run,
};

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  const db = createDatabases(folder);
  const metrics = new Database(join(folder, "metrics.db"), { timeout: 250 });
  const locks = [db, metrics];
  const random = createRandom(seed, "stopped-workers");
  const successor = work(folder, "take-over");
  const [seen, failures]: [Record<string, number>, string[]] = [{ "points of the stopped ones": 0 }, []];
  let worker: Worker | null = null;
  try {
    let ran = 0;
    for (; ran < size && !signal.aborted; ran++) {
      const id = `run${ran}`;
      queueRun(db, id, ran);
      worker = work(folder, "write");
      const { said } = worker;
      await until(() => said.some(({ stored }) => stored !== undefined));
      await wait(50 * random());
      await stopBetweenWrites(worker.child.pid!, locks);
      db.prepare("UPDATE leases SET expires_at = 0 WHERE run_id = ?").run(id); // as half a minute does
      successor.child.stdin!.write("\n");
      await until(() => successor.said.at(-1)?.taken === id);
      worker.child.kill("SIGCONT");
      await worker.ended;
      const last = said.at(-1)!;
      if (last.lost !== id || last.beats || last.releases) failures.push(`${id}: it says ${JSON.stringify(last)}`);
      const rows = metrics
        .prepare<[string], { step: number; attempt: number }>(
          "SELECT step, attempt FROM points WHERE run_id = ? ORDER BY step",
        )
        .all(id);
      if (rows.map(({ step, attempt }) => `${step}/${attempt}`).join() !== "1/2,2/2,3/2")
        failures.push(`${id}: its points are ${JSON.stringify(rows)}`);
      const lease = db.prepare("SELECT attempt, expires_at > 0 AS held FROM leases WHERE run_id = ?").get(id) as object;
      if (JSON.stringify(lease) !== '{"attempt":2,"held":1}')
        failures.push(`${id}: its lease is ${JSON.stringify(lease)}`);
      endRun(db, id);
      seen["points of the stopped ones"]! += said.filter(({ stored }) => stored !== undefined).length;
      if (ran % 20 === 19) say(`${ran + 1} workers, ${failures.length} failures`);
    }
    return { ran, seen, most: {}, failures };
  } finally {
    worker?.child.kill("SIGKILL"); // where something failed it still writes
    successor.child.stdin!.end();
    await successor.ended;
    for (const open of [db, metrics]) open.close();
  }
}

/** Who is stopped amid a transaction holds SQLite's only write lock, and nobody takes anything over: then it goes on for a while. */
async function stopBetweenWrites(pid: number, databases: Database.Database[]): Promise<void> {
  for (;;) {
    process.kill(pid, "SIGSTOP");
    await until(() => stateOf(pid) === "T");
    if (databases.every(isWritable)) return;
    process.kill(pid, "SIGCONT");
    await wait(5);
  }
}

function isWritable(db: Database.Database): boolean {
  try {
    db.exec("BEGIN IMMEDIATE; ROLLBACK");
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) return false;
    throw error;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + longestMs; !holds(); await wait(5))
    if (Date.now() > end) throw new Error(`nothing happened in ${longestMs / 1000} s`);
}

/** Of a process, as the kernel tells it: T is stopped. */
const stateOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)![0];
