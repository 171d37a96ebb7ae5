// A sweep under asynchronous successive halving, claimed and trained as the runner does it, on a real database; only the steps are played.
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../spec/config";
import { type Halving, rungStep } from "../../spec/halving";
import type { MachineSettings } from "../../spec/machines";
import { appendPoint, beginAttempt } from "../../test/attempts";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { leases, type Run, rungs, runs, sweeps } from "../db/tables/runs";
import { addMachine } from "../machines/machines";
import { recordTotal } from "../runs/attempts";
import { changeRuns } from "../runs/change-runs";
import { launch } from "../runs/launch";
import { requestResume, requestStop } from "../runs/stop-and-resume";
import { trialsAt } from "../runs/trials";
import { type Claim, claimRun, release } from "./claim";
import { outcome } from "./outcome";
import { reachRung } from "./rungs";

freshDatabase();
beforeEach(() => {
  for (const table of [leases, rungs, runs, sweeps]) appDb().delete(table).run();
});

const total = 90;
const halving: Halving = { metric: "eval_loss", firstRung: 10, factor: 3 };
const every = 10;

let launches = 0;
/** Runs of a sweep; their ids in its order. Each differs by its batch size, or by its seed alone. */
function sweep(count: number, differ: (i: number) => object = (i) => ({ batchSize: i + 1 })): string[] {
  const made = `s${launches++}`;
  const planned = Array.from({ length: count }, (_, i) => {
    const id = `${made}-${String(i).padStart(3, "0")}`;
    const config = { method: "dpo", model: { source: "tiny" }, data: { train: "x" }, maxSteps: total, ...differ(i) };
    return { id, name: id, after: [], config: runConfig.parse({ ...config, output: id }) as RunConfig };
  });
  return launch(planned, { sweep: { fields: { batchSize: [1] }, draws: null, halving } }, 1000).ids;
}

const runOf = (id: string): Run => appDb().select().from(runs).where(eq(runs.id, id)).get()!;
const statusOf = (id: string) => [runOf(id).status, runOf(id).held] as const;

/** Trains a claimed run until it ends or is to wait. `lossOf` gives its loss at a step. */
function train({ run, attempt }: Claim, lossOf: (id: string, step: number) => number, from: number): number {
  const own = { runId: run.id, attempt };
  beginAttempt(own, from);
  recordTotal(own, total);
  let step = from;
  while (step < total) {
    step += every;
    const value = lossOf(run.id, step);
    appendPoint(own, { step, eval_loss: value }, 0);
    if (reachRung(run.id, { step, value })) break;
  }
  const asked = runOf(run.id).requested === "hold" ? "hold" : null;
  const code = asked ? 3 : 0;
  const end = outcome(run.id, { code, signal: null, words: [] }, { reason: null, asked, shuttingDown: false });
  release({ ...own, owner: "a" }, { ...end, now: 0 });
  return step;
}

/** One runner until nothing can be claimed: how far each run came, and in which order they were claimed. */
function trainAll(lossOf: (id: string, step: number) => number) {
  const reached = new Map<string, number>();
  const claimed: string[] = [];
  for (let claim = claimRun("a", () => 1000); claim; claim = claimRun("a", () => 1000)) {
    claimed.push(claim.run.id);
    reached.set(claim.run.id, train(claim, lossOf, reached.get(claim.run.id) ?? 0));
  }
  return { reached, claimed };
}

test("a run that was stopped early says so, and is trained to its end once somebody resumes it", () => {
  const ids = sweep(9);
  trainAll((id) => 9 - ids.indexOf(id));
  expect(runOf(ids[8]!).status).toBe("finished");
  expect(runOf(ids[0]!)).toMatchObject({
    status: "stopped",
    held: true,
    rung: 0,
  });
  requestResume(ids[0]!);
  expect(runOf(ids[0]!)).toMatchObject({ status: "queued", rung: null });
  trainAll(() => 99);
  expect(runOf(ids[0]!).status).toBe("finished"); // by hand it is trained to its end, however bad
});

test("in the best order nobody is promoted by mistake: 9 runs to step 10, 3 to 30, 1 to 90", () => {
  const ids = sweep(9);
  const order = [0, 3, 6, 1, 4, 7, 2, 5, 8]; // the best of each three comes first, and the very best first of all
  const { reached } = trainAll((id) => order[ids.indexOf(id)]!);
  expect([...reached.values()].toSorted((a, b) => a - b)).toEqual([10, 10, 10, 10, 10, 10, 30, 30, 90]);
  expect(reached.get(ids[0]!)).toBe(90);
});

/** Algorithm 2 of Li et al. 2020 with one worker, by itself: the rung that each configuration comes to, where losses do not change with steps. */
function byThePaper(losses: number[]): number[] {
  const last = 2; // rungs 0 and 1, then the end
  const at = losses.map(() => -1);
  for (;;) {
    const job = nextJob();
    if (job === null) break;
    at[job]!++;
  }
  return at;
  function nextJob(): number | null {
    for (let rung = last - 1; rung >= 0; rung--) {
      const reached = losses.map((_, i) => i).filter((i) => at[i]! >= rung);
      const top = reached.toSorted((a, b) => losses[a]! - losses[b]!).slice(0, Math.floor(reached.length / 3));
      const candidate = top.find((i) => at[i] === rung);
      if (candidate !== undefined) return candidate;
    }
    const next = at.indexOf(-1);
    if (next !== -1) return next;
    if (at.includes(last)) return null;
    // ours: where the paper's worker would draw another configuration for ever, the best of the highest rung goes on
    const highest = Math.max(...at);
    return losses
      .map((_, i) => i)
      .filter((i) => at[i] === highest)
      .toSorted((a, b) => losses[a]! - losses[b]!)[0]!;
  }
}

test("with one worker each configuration comes as far as by algorithm 2 of the paper", () => {
  const losses = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 14 });
  fc.assert(
    fc.property(losses, (losses) => {
      const ids = sweep(losses.length);
      const { reached } = trainAll((id) => losses[ids.indexOf(id)]!);
      const steps = [10, 30, 90];
      expect(ids.map((id) => reached.get(id))).toEqual(byThePaper(losses).map((rung) => steps[rung]));
    }),
    { numRuns: 40 },
  );
});

test("runs that differ by their seed alone are one configuration: its mean counts, and all of them go on or none", () => {
  const ids = sweep(6, (i) => ({ batchSize: 1 + Math.floor(i / 2), seed: i % 2 }));
  const losses = [1, 9, 4, 4, 6, 6]; // means 5, 4 and 6: the best single run is of another configuration
  const { reached } = trainAll((id) => losses[ids.indexOf(id)]!);
  expect(ids.map((id) => reached.get(id))).toEqual([10, 10, 90, 90, 10, 10]);
});

test("a run that failed or was stopped holds up nobody; one that is held can be stopped", () => {
  const ids = sweep(4);
  const claim = claimRun("a", () => 1000)!;
  release({ runId: claim.run.id, attempt: 1, owner: "a" }, { status: "failed", error: "broken", now: 0 });
  train(claimRun("a", () => 1000)!, () => 5, 0);
  expect(statusOf(ids[1]!)).toEqual(["queued", true]);
  requestStop(ids[1]!);
  expect(statusOf(ids[1]!)).toEqual(["stopped", false]);
  trainAll((id) => ids.indexOf(id));
  expect(ids.map((id) => runOf(id).status)).toEqual(["failed", "stopped", "finished", "stopped"]);
});

test("a run that went past a rung before it was stopped is judged at the next one by what it logged there", () => {
  const [first, second, third] = sweep(3) as [string, string, string];
  const claim = claimRun("a", () => 1000)!;
  const own = { runId: first, attempt: claim.attempt };
  beginAttempt(own, 0);
  recordTotal(own, total);
  appendPoint(own, { step: 10, eval_loss: 1 }, 0);
  expect(reachRung(first, { step: 10, value: 1 })).toBe(true);
  for (const step of [20, 30, 40]) appendPoint(own, { step, eval_loss: step }, 0); // in hand meanwhile
  expect(reachRung(first, { step: 40, value: 40 })).toBe(true);
  release({ ...own, owner: "a" }, { status: "queued", error: null, hold: true, now: 0 });
  for (const _ of [second, third]) train(claimRun("a", () => 1000)!, () => 7, 0);
  train(claimRun("a", () => 1000)!, () => 50, 40);
  const values = appDb().select().from(rungs).where(eq(rungs.runId, first)).all();
  expect(values.map(({ rung, step, value }) => [rung, step, value])).toEqual([
    [0, 10, 1],
    [1, rungStep(halving, 1), 30],
  ]);
});

test("with a reward model that comes first, its end does not stand for one of the sweep's", () => {
  const made = `f${launches++}`;
  const planned = [0, 1, 2].map((i) => {
    const id = `${made}-${i}`;
    const config = { method: "dpo", model: { source: "tiny" }, data: { train: "x" }, batchSize: i + 1, output: id };
    const after = i === 0 ? [] : [`${made}-0`];
    return { id, name: id, after, config: runConfig.parse({ ...config, maxSteps: total }) as RunConfig };
  });
  const [first, one, other] = launch(
    planned,
    { sweep: { fields: { batchSize: [1] }, draws: null, halving } },
    1000,
  ).ids;
  const { reached } = trainAll((id) => (id === one ? 1 : 2));
  expect([first, one, other].map((id) => [reached.get(id!), runOf(id!).status])).toEqual([
    [total, "finished"],
    [total, "finished"],
    [10, "stopped"],
  ]);
});

test("a run whose loss is no number is the worst, and is not trained on", () => {
  const ids = sweep(3);
  const { reached } = trainAll((id) => (id === ids[0] ? Number.NaN : ids.indexOf(id)));
  expect(ids.map((id) => reached.get(id))).toEqual([10, total, 10]);
});

test("nothing is held at its last step, where it is whole", () => {
  const [id] = sweep(2) as [string, string];
  const claim = claimRun("a", () => 1000)!;
  const own = { runId: id, attempt: claim.attempt };
  beginAttempt(own, 0);
  recordTotal(own, 12);
  for (const step of [5, 12]) {
    appendPoint(own, { step, eval_loss: 1 }, 0);
    expect(reachRung(id, { step, value: 1 })).toBe(false);
  }
  expect(runOf(id).requested).toBeNull();
});

test("a failed run that is resumed is judged on; a stopped one is not, and holds up nobody of its configuration", () => {
  const ids = sweep(8, (i) => ({ batchSize: 1 + Math.floor(i / 2), seed: i % 2 }));
  const end = (status: "failed" | "stopped") => {
    const { run, attempt } = claimRun("a", () => 1000)!;
    release({ runId: run.id, attempt, owner: "a" }, { status, error: null, now: 0 });
    requestResume(run.id);
    return run.id;
  };
  expect([end("failed"), runOf(ids[0]!).rung]).toEqual([ids[0], 0]);
  const stopped = end("failed");
  appDb().update(runs).set({ status: "stopped" }).where(eq(runs.id, stopped)).run();
  requestResume(stopped);
  expect(runOf(stopped).rung).toBeNull();
  const mean = (id: string) => Math.floor(ids.indexOf(id) / 2); // the first configuration is the best
  const { reached } = trainAll(mean);
  expect(ids.map((id) => reached.get(id))).toEqual([total, total, 10, 10, 10, 10, 10, 10]);
});

test("a runner that dies while it saves a run that is to be held leaves it held", () => {
  const [id] = sweep(2) as [string, string];
  const { attempt } = claimRun("a", () => 1000)!;
  beginAttempt({ runId: id, attempt }, 0);
  appDb().update(runs).set({ requested: "hold" }).where(eq(runs.id, id)).run();
  expect(claimRun("b", () => 1_000_000)!.run.id).not.toBe(id);
  expect(statusOf(id)).toEqual(["queued", true]);
});

test("a seed that goes on on another machine is of the same configuration", () => {
  const ids = sweep(2, (i) => ({ seed: i }));
  for (const runId of ids) appDb().insert(rungs).values({ runId, rung: 0, step: 10, value: 1 }).run();
  addMachine({ name: "cluster", runsAtOnce: 1, settings: { kind: "command" } as MachineSettings }, 0);
  changeRuns([ids[0]!], { machine: "cluster" });
  expect(trialsAt(appDb(), runOf(ids[0]!).sweep!, 0)).toHaveLength(1);
});
