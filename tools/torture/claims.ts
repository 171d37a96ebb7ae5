// Many runners that take runs from one queue.
import { leaseMs } from "../../lib/runner/claim";
import type { Experiment, Outcome, Setting } from "./experiment";
import { createDatabases, queueRun, type Worker, work } from "./queued-runs";

const mostProcesses = 32;
/** A slice of the experiment starts fewer of them. */
const claimsPerProcess = 20;
/** As many runs may wait at most. */
const waiting = 100;

export const claims: Experiment = {
  name: "claims",
  fault: `${mostProcesses} processes claim runs from one queue`,
  demand:
    "each attempt at a run is one process's; another follows only once its lease has lapsed, and then it cannot finish the run; each is finished once",
  size: 10_000,
  unit: "claims",
  run,
};

async function run({ size, folder, signal, say }: Setting): Promise<Outcome> {
  const db = createDatabases(folder);
  const processes = Math.max(2, Math.min(mostProcesses, Math.ceil(size / claimsPerProcess)));
  const [claimed, finished] = [new Map<string, number>(), new Map<string, number>()];
  const claims: Claimed[] = [];
  const note = (counts: Map<string, number>, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  let [made, rounds] = [0, 0];
  for (; made < size && !signal.aborted; rounds++) {
    const ids = Array.from({ length: Math.min(waiting * processes, size - made) }, (_, i) => `run${made + i}`);
    db.transaction(() => ids.forEach((id, i) => void queueRun(db, id, made + i)))();
    made += ids.length;
    const workers: Worker[] = Array.from({ length: processes }, () => work(folder, "claim"));
    for (const { ended, said } of workers) {
      await ended;
      for (const { claimed: id, attempt, at, finished: done, holds } of said) {
        if (id !== undefined) {
          note(claimed, `attempt ${attempt} at ${id}`);
          claims.push({ id, attempt: attempt!, at: at! });
        }
        if (done !== undefined && holds) note(finished, done);
      }
    }
    db.exec("DELETE FROM leases; DELETE FROM runs"); // a claim looks through all runs
    say(`${made} runs, ${finished.size} finished`);
  }
  db.close();
  const twice = (counts: Map<string, number>) => [...counts].filter(([, times]) => times > 1).map(([what]) => what);
  const failures = [
    ...twice(claimed).map((what) => `${what} is two processes'`),
    ...tooSoon(claims),
    ...twice(finished).map((what) => `${what} is finished twice`),
    ...(finished.size === made ? [] : [`${made - finished.size} runs are finished by nobody`]),
  ];
  const lapsed = claimed.size - made;
  return {
    ran: made,
    seen: { "starts of all of them": rounds, "leases that lapsed meanwhile": lapsed },
    most: { "processes at once": processes },
    failures,
  };
}

interface Claimed {
  id: string;
  attempt: number;
  at: number;
}

/** Runs that were taken over while their lease held: nobody beats here, so it holds for `leaseMs` after the claim. */
function tooSoon(claims: Claimed[]): string[] {
  const claimedAt = new Map(claims.map(({ id, attempt, at }) => [`${id} ${attempt}`, at]));
  return claims.flatMap(({ id, attempt, at }) => {
    const before = claimedAt.get(`${id} ${attempt - 1}`);
    if (attempt === 1 || (before !== undefined && at > before + leaseMs)) return [];
    return [
      `attempt ${attempt} at ${id} began ${before === undefined ? "without an earlier one" : `${at - before} ms after the one before it`}`,
    ];
  });
}
