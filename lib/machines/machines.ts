// The machines of this workbench. Unmarked, so that the runner and the command line read them in plain Node.
import { asc, eq, sql } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import type { MachineDto, MachineInput, MachineSettings } from "../../spec/machines";
import { appDb } from "../db/client";
import { type Machine, machines } from "../db/tables/machines";

/** Runs that a machine has been given and that have not ended, or that it is about to be given. */
const held = sql<number>`(select count(*) from runs
  where runs.status = 'running' and json_extract(runs.config, '$.machine') = machines.name)`;

export const listMachines = (): MachineDto[] =>
  appDb()
    .select({
      id: machines.id,
      name: machines.name,
      runsAtOnce: machines.runsAtOnce,
      settings: machines.settings,
      runs: held,
    })
    .from(machines)
    .orderBy(asc(machines.id))
    .all();

/** Throws, with the names that there are, where there is none of that name. */
export function machineNamed(name: string): Machine {
  const known = appDb().select().from(machines).orderBy(asc(machines.id)).all();
  const found = known.find((one) => one.name === name);
  if (found) return found;
  const names = known.map((one) => one.name).join(", ");
  throw new AppError(
    404,
    `there is no machine ${name}; ${names ? `there are ${names}` : "set one up under Settings, Machines"}`,
  );
}

export function addMachine(input: MachineInput, now: number): number {
  requireFree(input.name);
  return appDb()
    .insert(machines)
    .values({ ...input, createdAt: now })
    .returning()
    .get().id;
}

/** Its name stays, since run files have it. */
export function changeMachine(id: number, { name, ...change }: MachineInput): void {
  const before = machineOf(id);
  if (name !== before.name)
    refuse("name", `run files call it ${before.name}: leave the name, or set up another machine as ${name}`);
  const moved = before.runs > 0 && movedBy(before.settings, change.settings);
  if (moved) refuse(`settings.${moved}`, `runs are on it: change its ${moved} when they have ended`);
  appDb().update(machines).set(change).where(eq(machines.id, id)).run();
}

/** The setting by which jobs at work would be looked for where they are not. Slurm's jobs bring the name of their cluster with them. */
function movedBy(before: MachineSettings, after: MachineSettings): "kind" | "address" | null {
  if (before.kind !== after.kind) return "kind";
  return before.kind === "ray" && after.kind === "ray" && before.address !== after.address ? "address" : null;
}

export function removeMachine(id: number): void {
  const { name, runs } = machineOf(id);
  if (runs === 1) throw new AppError(409, `${name} has a run; stop it, or wait until it has ended.`);
  if (runs > 1) throw new AppError(409, `${name} has ${runs} runs; stop them, or wait until they have ended.`);
  appDb().delete(machines).where(eq(machines.id, id)).run();
}

function machineOf(id: number): MachineDto {
  const found = listMachines().find((one) => one.id === id);
  if (!found) throw new AppError(404, `There is no machine ${id}.`);
  return found;
}

function requireFree(name: string): void {
  const taken = listMachines().find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (taken) refuse("name", `another machine is called ${taken.name}; choose another name`);
}

function refuse(path: string, message: string): never {
  throw new AppError(409, `${path}: ${message}`, { problems: [{ path, message }] });
}
