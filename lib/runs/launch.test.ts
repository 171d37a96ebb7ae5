import { eq, inArray } from "drizzle-orm";
import { beforeAll, expect, test, vi } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase, seedQueue, seedRun } from "../../test/database";
import { judge } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { createFreezer, frozenRows } from "../datasets/snapshots/freezer";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { runs } from "../db/tables/runs";
import { type Claim, claimRun, release } from "../runner/claim";
import { cloneStart } from "./form-start";
import { later, launch, plan } from "./launch";
import { runDetail } from "./run-detail";
import type { LaunchInput } from "./run-schema";

beforeAll(() => void freshDatabase());

const data = { kind: "sample" as const, id: "film-reviews" };
const model = { source: "tiny" };
const finish = ({ run, attempt, owner }: Claim) =>
  release({ runId: run.id, attempt, owner }, { status: "finished", error: null, now: Date.now() });

const ppo: LaunchInput = {
  name: "PPO",
  data,
  config: { method: "ppo", model, ppo: { reward: { model: ["run:first"] } } },
  first: { name: "PPO: reward model", config: { method: "reward", model } },
};

test("PPO without a reward model queues both: the policy waits until its judge is trained", () => {
  const planned = plan(ppo, 1000);
  expect(planned.map(later)).toEqual([[], [runFolder(planned[0]!.id)]]);
  const { ids } = launch(planned, ppo, 1000);
  const [reward, policy] = ids as [string, string];
  expect(runDetail(policy).config).toMatchObject({ ppo: { reward: { model: [runFolder(reward)] } } });
  expect(runDetail(policy).waitsFor).toEqual([{ id: reward, name: "PPO: reward model", status: "queued" }]);
  const claim = claimRun("a", Date.now)!;
  expect(claim.run.id).toBe(reward);
  expect(claimRun("b", Date.now)).toBeNull(); // its judge is still training
  finish(claim);
  const after = claimRun("b", Date.now)!;
  expect(after.run.id).toBe(policy);
  expect(runDetail(policy).lineage.uses.map(({ id }) => id)).toEqual([reward]);
  expect(runDetail(reward).lineage.usedBy.map(({ id }) => id)).toEqual([policy]);
  finish(after);
});

test("a run says who started it, whatever they are called since; of one from a script nobody is known", () => {
  const person = appDb().insert(annotators).values({ name: "Ann", createdAt: 0 }).returning().get();
  const input: LaunchInput = { name: "Hers", data, config: { method: "reward", model } };
  const { id } = launch(plan(input, 1500), input, 1500, person.id);
  const other = launch(plan(input, 1501), input, 1501).id;
  appDb().update(annotators).set({ name: "Anna" }).where(eq(annotators.id, person.id)).run();
  expect([runDetail(id).startedBy, runDetail(other).startedBy]).toEqual(["Anna", null]);
  appDb()
    .delete(runs)
    .where(inArray(runs.id, [id, other]))
    .run();
});

test("a run may build on one that is still queued, and fails with it", () => {
  const [reward] = launch(plan({ name: "Judge", data, config: { method: "reward", model } }, 2000), ppo, 2000).ids;
  const input: LaunchInput = {
    name: "Later",
    data,
    config: { method: "ppo", model, ppo: { reward: { model: [`run:${reward}`] } } },
  };
  const { id } = launch(plan(input, 2001), input, 2001);
  const claim = claimRun("a", Date.now)!;
  release(
    { runId: reward!, attempt: claim.attempt, owner: "a" },
    { status: "failed", error: "memory", now: Date.now() },
  );
  expect(claimRun("a", Date.now)).toBeNull();
  expect(runDetail(id)).toMatchObject({ status: "failed", error: expect.stringContaining("Judge failed") });
  expect(() => plan(input, 2002)).toThrow("Run Judge is failed and has saved no adapter");
});

test("a sweep is a run for each combination, all of one sweep, none where one is wrong", () => {
  const input: LaunchInput = {
    name: "Films",
    data,
    config: { method: "dpo", model },
    sweep: { fields: { "dpo.beta": [0.1, 0.3], seed: [1, 2] }, draws: null },
  };
  const { ids } = launch(plan(input, 3000), input, 3000);
  const made = ids.map((id) => runDetail(id));
  expect(made.map(({ name }) => name)).toEqual([
    "Films: beta 0.1, seed 1",
    "Films: beta 0.1, seed 2",
    "Films: beta 0.3, seed 1",
    "Films: beta 0.3, seed 2",
  ]);
  expect(made[2]!.config).toMatchObject({ seed: 1, dpo: { beta: 0.3 } });
  expect(made[0]!.lineage.sweep).toEqual(ids);
  const count = () => appDb().select().from(runs).all().length;
  const before = count();
  const wrong = { ...input, sweep: { fields: { "dpo.beta": [0.1, -1] }, draws: null } };
  expect(() => launch(plan(wrong, 3001), wrong, 3001)).toThrow("dpo.beta");
  expect(count()).toBe(before);
});

test("a clone opens as its parent was launched, and says what was changed", () => {
  const input: LaunchInput = { name: "Parent", data, config: { method: "dpo", model, dpo: { beta: 0.2 } } };
  const { id } = launch(plan(input, 4000), input, 4000);
  const start = cloneStart(id, null);
  expect(start).toMatchObject({ set: "sample:film-reviews", parent: { run: id, step: null } });
  const child: LaunchInput = {
    name: "Child",
    data,
    config: { method: "dpo", model, dpo: { beta: 0.4 } },
    parent: start.parent,
  };
  const made = runDetail(launch(plan(child, 4001), child, 4001).id);
  expect(made.changes).toEqual([{ path: "dpo.beta", was: "0.2", is: "0.4" }]);
  expect(made.lineage.parent).toMatchObject({ id, name: "Parent", step: null });
  expect(() => plan({ ...child, config: { ...child.config, adapter: { init: `run:${id}@7` } } }, 4002)).toThrow(
    "Run Parent has no checkpoint of step 7",
  );
  expect(appDb().select().from(runs).where(eq(runs.id, made.id)).get()!.parentRun).toBe(id);
});

test.each(["__proto__.polluted", "constructor.prototype.polluted", "dpo.__proto__.polluted", "toString", "dpo.gamma"])(
  "F1: a sweep over %s, which no run has, is refused at its field and changes nothing of the server",
  (path) => {
    const fields = Object.fromEntries([[path, ["yes"]]]);
    const input: LaunchInput = { name: "Odd", data, config: { method: "dpo", model }, sweep: { fields, draws: null } };
    let refused: unknown;
    try {
      plan(input, 4000);
    } catch (error) {
      refused = error;
    }
    const polluted = ({} as { polluted?: string }).polluted;
    delete (Object.prototype as { polluted?: string }).polluted; // or every later test fails too
    expect(polluted).toBeUndefined();
    expect(refused).toMatchObject({ status: 400, problems: [{ path: `sweep.fields.${path}` }] });
  },
);

test("F18: no more than 300 runs wait at a time; one launch that would make it more is refused whole, with 429 and a sentence", () => {
  const waiting = () => appDb().select().from(runs).where(eq(runs.status, "queued")).all().length;
  const room = 300 - waiting();
  for (let i = 0; i < room - 1; i++) seedRun(`waiting-${i}`);
  const input: LaunchInput = { name: "Last", data, config: { method: "dpo", model } };
  const two: LaunchInput = { ...input, sweep: { fields: { seed: [1, 2] }, draws: null } };
  expect(() => launch(plan(two, 5000), two, 5000)).toThrow(expect.objectContaining({ status: 429 }));
  expect(waiting()).toBe(299);
  launch(plan(input, 5001), input, 5001);
  expect(() => launch(plan(input, 5002), input, 5002)).toThrow("300 runs are queued already");
});

test("D1, P4: the dataset under a sweep is frozen once, also where a busy database has the launch planned again", () => {
  const id = seedQueue(2);
  const itemId = takeTasks(1, id, 1, 0)[0]!.id;
  judge(1, { key: "sweep", itemId, choice: { kind: "left", strength: 3 }, activeMs: 1 }, 0);
  const written = vi.spyOn(frozenRows, "pairs");
  const input: LaunchInput = {
    name: "Ranked",
    data: { kind: "queue", id },
    config: { method: "dpo", model },
    sweep: { fields: { seed: [1, 2, 3] }, draws: null },
  };
  const freeze = createFreezer(7000);
  const planned = [plan(input, 7000, freeze), plan(input, 7000, freeze)].flat();
  expect(written).toHaveBeenCalledTimes(1);
  expect(planned).toHaveLength(6);
  expect(new Set(planned.map(({ config }) => config.data.train)).size).toBe(1);
});
