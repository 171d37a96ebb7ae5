// Many runners that take runs from one queue.

import type { Experiment, Outcome, Setting } from "./experiment";
import { createDatabases, queueRun, type Worker, work } from "./queued-runs";

const mostProcesses = 32;
/** A slice of the experiment starts fewer of them. */
const claimsPerProcess = 20;
/** As many runs may wait at most. */
const waiting = 300;

export const claims: Experiment = {
  name: "claims",
  fault: `${mostProcesses} processes claim runs from one queue`,
  demand: "each attempt at a run is one process's, each run is finished by exactly one, and none is left",
  size: 10_000,
  unit: "claims",
  run,
};

async function run({ size, folder, signal, say }: Setting): Promise<Outcome> {
  const db = createDatabases(folder);
  const processes = Math.max(2, Math.min(mostProcesses, Math.ceil(size / claimsPerProcess)));
  const [claimed, finished] = [new Map<string, number>(), new Map<string, number>()];
  const note = (counts: Map<string, number>, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  let [made, rounds] = [0, 0];
  for (; made < size && !signal.aborted; rounds++) {
    const ids = Array.from({ length: Math.min(waiting * processes, size - made) }, (_, i) => `run${made + i}`);
    db.transaction(() => ids.forEach((id, i) => void queueRun(db, id, made + i)))();
    made += ids.length;
    const workers: Worker[] = Array.from({ length: processes }, () => work(folder, "claim"));
    for (const { ended, said } of workers) {
      await ended;
      for (const { claimed: id, attempt, finished: done, holds } of said) {
        if (id !== undefined) note(claimed, `attempt ${attempt} at ${id}`);
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
    ...twice(finished).map((what) => `${what} is finished twice`),
    ...(finished.size === made ? [] : [`${made - finished.size} runs are finished by nobody`]),
  ];
  const lapsed = claimed.size - made;
  return {
    ran: made,
    seen: { processes, "starts of all of them": rounds, "leases that lapsed meanwhile": lapsed },
    failures,
  };
}
