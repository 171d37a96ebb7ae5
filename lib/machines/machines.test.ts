import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { machineInput } from "../../spec/machines";
import { freshDatabase, seedRun } from "../../test/database";
import { createFreezer } from "../datasets/snapshots/freezer";
import { appDb } from "../db/client";
import { machines } from "../db/tables/machines";
import { leases, runs } from "../db/tables/runs";
import { resolveRun } from "../runs/launch";
import { addMachine, changeMachine, listMachines, machineNamed, removeMachine } from "./machines";

freshDatabase();
beforeEach(() => {
  for (const table of [leases, runs, machines]) appDb().delete(table).run();
});

const slurm = (name: string, sbatch = "") => machineInput.parse({ name, settings: { kind: "slurm", sbatch } });

/** A run at `machine`, claimed; with `job`, also submitted. */
function seedAtWork(machine: string, job: string | null): void {
  seedRun("r");
  appDb().run(
    sql`UPDATE runs SET status = 'running', config = json_set(config, '$.machine', ${machine}) WHERE id = 'r'`,
  );
  appDb().insert(leases).values({ runId: "r", owner: "x", attempt: 1, expiresAt: 0, job }).run();
}

test("a machine is set up with what is usual, and changed", () => {
  const id = addMachine(slurm("cluster"), 0);
  expect(machineNamed("cluster")).toMatchObject({
    runsAtOnce: 1,
    settings: { kind: "slurm", node: "node", setup: "" },
  });
  changeMachine(id, { ...slurm("cluster", "--partition=gpu"), runsAtOnce: 4 });
  expect(listMachines()).toEqual([
    { id, name: "cluster", runsAtOnce: 4, runs: 0, settings: expect.objectContaining({ sbatch: "--partition=gpu" }) },
  ]);
});

test("its name is its own and stays, since run files have it", () => {
  const id = addMachine(slurm("cluster"), 0);
  expect(() => addMachine(slurm("Cluster"), 0)).toThrow("name: another machine is called cluster");
  expect(() => changeMachine(id, slurm("other"))).toThrow("name: run files call it cluster");
});

test.each(["7", null])("a machine with a run on it is neither removed nor turned into another kind (job %s)", (job) => {
  const id = addMachine(slurm("cluster"), 0);
  seedAtWork("cluster", job);
  expect(listMachines()[0]!.runs).toBe(1);
  expect(() => removeMachine(id)).toThrow("cluster has a run; stop it, or wait until it has ended.");
  const ray = machineInput.parse({ name: "cluster", settings: { kind: "ray", address: "http://head:8265" } });
  expect(() => changeMachine(id, ray)).toThrow("settings.kind: runs are on it");
  for (const table of [leases, runs]) appDb().delete(table).run();
  changeMachine(id, ray);
  removeMachine(id);
  expect(listMachines()).toEqual([]);
});

test("a Ray with a run on it stays at its address, where its jobs are asked for; all else may change", () => {
  const ray = (address: string, gpus: number) =>
    machineInput.parse({ name: "ray", settings: { kind: "ray", address, gpus } });
  const id = addMachine(ray("http://head:8265", 0), 0);
  seedAtWork("ray", "7");
  changeMachine(id, ray("http://head:8265/", 2));
  expect(() => changeMachine(id, ray("http://other:8265", 2))).toThrow("settings.address: runs are on it");
});

test("a run that names a machine that is not there is refused at its field", () => {
  const resolved = (machine: string) =>
    resolveRun(
      { data: { kind: "sample", id: "film-reviews" }, config: { method: "dpo", model: { source: "tiny" }, machine } },
      "out",
      createFreezer(0),
    ).config.machine;
  expect(() => resolved("cluster")).toThrow(
    "machine: there is no machine cluster; set one up under Settings, Machines",
  );
  addMachine(slurm("cluster"), 0);
  expect(resolved("cluster")).toBe("cluster");
  expect(() => resolved("Cluster")).toThrow("there are cluster");
});
