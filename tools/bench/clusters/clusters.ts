// `npm run clusters [slurm|ray]`: a real Slurm and a real Ray on this machine train the tiny model: to the end, stopped and resumed, under a runner that is replaced,
// on a node that is lost, and requeued. Each has to leave the losses of the same run here, to the last bit. Writes results/clusters.json, and
// what the schedulers answered into data/golden/schedulers/, which the unit tests read.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runFolder } from "../../../common/env";
import { addMachine, machineNamed } from "../../../lib/machines/machines";
import { schedulerOf } from "../../../lib/machines/scheduler-of";
import { machineSettings } from "../../../spec/machines";
import { freshDatabase } from "../../../test/database";
import { startRay } from "./ray";
import { recordPrograms, recordServer } from "./record";
import {
  begin,
  beginnings,
  hasState,
  hasSteps,
  jobOf,
  killProcesses,
  lapse,
  lossesOf,
  next,
  requireStatus,
  resume,
  row,
  stop,
} from "./runs";
import { ask, startSlurm } from "./slurm";

export interface ClusterResult {
  version: string;
  steps: number;
  /** By what was done to a run: whether its losses are those of the run here, and what its page said. */
  runs: Record<string, { same: boolean; said: string }>;
}

interface Cluster {
  name: string;
  version: string;
  startNode(): Promise<void>;
  loseNode(job: string): void;
  /** Has the scheduler begin the job anew; null where it never does. */
  requeue: ((job: string) => void) | null;
}

freshDatabase();
await begin("here", null).ended;
requireStatus("here", "finished");
const expected = lossesOf("here");
let runs: ClusterResult["runs"] = {};

function note(what: string, id: string, said: string, wanted = expected): void {
  const same = JSON.stringify(lossesOf(id)) === JSON.stringify(wanted);
  runs[what] = { same, said };
  console.log(`${id}: losses ${same ? "equal" : "DIFFER"}; ${said}`);
  if (!same) process.exitCode = 1;
}

async function whole({ name }: Cluster): Promise<void> {
  const id = `${name}-whole`;
  const { ended } = begin(id, name);
  await hasState(id);
  const said = row(id).note!;
  await ended;
  requireStatus(id, "finished");
  if (!existsSync(join(runFolder(id), "attempt-1.log"))) throw new Error(`${id} has left no log`);
  note("to the end", id, said);
}

async function stopped({ name }: Cluster): Promise<void> {
  const id = `${name}-stopped`;
  const { ended } = begin(id, name);
  await hasSteps(id, 5);
  stop(id);
  await ended;
  requireStatus(id, "stopped");
  const at = lossesOf(id).length;
  await resume(id).ended;
  requireStatus(id, "finished");
  note("stopped and resumed", id, `stopped at step ${at}`);
}

async function outlived({ name }: Cluster): Promise<void> {
  const id = `${name}-outlived`;
  const first = begin(id, name);
  await hasSteps(id, 5);
  first.shutDown();
  await first.ended;
  const job = jobOf(id);
  lapse();
  await next().ended;
  requireStatus(id, "finished");
  note("another runner", id, `job ${job}, begun ${beginnings(id)} time`);
}

async function lost({ name, startNode, loseNode }: Cluster): Promise<void> {
  const id = `${name}-lost`;
  const { ended } = begin(id, name);
  await hasSteps(id, 25);
  loseNode(jobOf(id)!);
  killProcesses(id);
  await ended;
  requireStatus(id, "failed");
  const said = row(id).error!;
  await startNode();
  await resume(id).ended;
  requireStatus(id, "finished");
  note("node lost, resumed", id, said);
}

async function requeued({ name, requeue }: Cluster): Promise<void> {
  if (requeue === null) return;
  const id = `${name}-requeued`;
  const { ended } = begin(id, name);
  await hasSteps(id, 25);
  requeue(jobOf(id)!);
  await ended;
  requireStatus(id, "finished");
  note("requeued", id, `one attempt, begun ${beginnings(id)} times`);
}

/** On a machine of which a job asks for more than there is. */
async function waiting(name: string): Promise<void> {
  const id = `${name}-waits`;
  const { ended } = begin(id, name);
  await hasState(id);
  const said = row(id).note!;
  stop(id);
  await ended;
  requireStatus(id, "stopped");
  note("stopped while it waits", id, said, []);
}

/** A job that the scheduler has never had, as one that it has forgotten. */
async function forgotten(name: string): Promise<void> {
  const { state } = await schedulerOf(machineNamed(name).settings).state("99999");
  if (state !== "ended") throw new Error(`${name} says of a job that it never had that it is ${state}`);
}

const add = (name: string, settings: object) =>
  addMachine({ name, runsAtOnce: 2, settings: machineSettings.parse(settings) }, Date.now());

async function bySlurm(): Promise<void> {
  const slurm = await startSlurm();
  const recorded = recordPrograms(["sbatch", "squeue", "scancel"]);
  const requeue = (job: string) => {
    ask("scontrol", "update", `JobId=${job}`, "Requeue=1");
    ask("scontrol", "requeue", job); // it begins again two minutes later
  };
  try {
    add("slurm", { kind: "slurm", sbatch: "--no-requeue" });
    add("slurm-later", { kind: "slurm", sbatch: "--begin=now+1hour" });
    await waiting("slurm-later");
    await all({ ...slurm, name: "slurm", requeue });
  } finally {
    slurm.stop();
  }
  recorded.write("data/golden/schedulers/slurm.json", slurm.version);
}

async function byRay(): Promise<void> {
  const ray = await startRay();
  const server = await recordServer(ray.address);
  try {
    add("ray", { kind: "ray", address: server.address });
    add("ray-larger", { kind: "ray", address: server.address, cpus: 100 });
    await waiting("ray-larger");
    await all({ ...ray, name: "ray", requeue: null });
  } finally {
    ray.stop();
    server.close();
  }
  server.write("data/golden/schedulers/ray.json", ray.version);
}

async function all(cluster: Cluster): Promise<void> {
  await forgotten(cluster.name);
  for (const experiment of [whole, stopped, outlived, requeued, lost]) await experiment(cluster);
  const file = "tools/bench/results/clusters.json";
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, ClusterResult>) : {};
  const { name, version } = cluster;
  const result = { ...before, [name]: { version, steps: expected.length, runs } };
  runs = {};
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}

const only = process.argv[2];
if (only !== "ray") await bySlurm();
if (only !== "slurm") await byRay();
process.exit();
