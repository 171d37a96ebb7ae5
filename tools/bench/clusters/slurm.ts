// A Slurm of one node on this machine, from Debian's packages `slurm-wlm` and `munge`, with all that it keeps in a folder of its own.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { processesWith } from "./processes";

const configOf = (folder: string) => `ClusterName=workbench
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
SlurmUser=${userInfo().username}
SlurmdUser=${userInfo().username}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
NodeName=node1 NodeHostname=${hostname()} NodeAddr=127.0.0.1 CPUs=2 CoresPerSocket=2 RealMemory=1000 State=UNKNOWN
PartitionName=all Nodes=node1 Default=YES MaxTime=INFINITE State=UP
`;

export const ask = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: "utf8" }).trim();

export interface Slurm {
  version: string;
  /** Starts the daemon of the node, after it was lost too. */
  startNode(): Promise<void>;
  /** The node is gone: its daemons, that of the job too. */
  loseNode(job: string): void;
  stop(): void;
}

function requirePrograms(): void {
  const { error } = spawnSync("slurmd", ["--version"]);
  if (error) throw new Error("no slurmd on this machine: apt-get install slurm-wlm munge", { cause: error });
}

/** Its commands find it by the environment from then on. */
export async function startSlurm(): Promise<Slurm> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-slurm-"));
  const config = join(folder, "slurm.conf");
  process.env.PATH += ":/usr/sbin";
  requirePrograms();
  process.env.SLURM_CONF = config;
  for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "munge.key"), randomBytes(1024), { mode: 0o600 });
  writeFileSync(config, configOf(folder));
  const own = ["socket", "key-file", "pid-file", "log-file", "seed-file"];
  const munge = own.map((name) => `--${name}=${folder}/munge.${name.replace("-file", "")}`);
  const daemons = [
    spawn("munged", ["--foreground", "--force", ...munge], { stdio: "ignore" }),
    spawn("slurmctld", ["-D", "-f", config], { stdio: "ignore" }),
  ];
  const node = () => Number(readFileSync(join(folder, "slurmd.pid"), "utf8"));
  async function startNode(): Promise<void> {
    ask("slurmd", "-N", "node1", "-f", config);
    while (!isIdle()) await wait(200);
  }
  await startNode();
  return {
    version: ask("sbatch", "--version"),
    startNode,
    loseNode(job) {
      for (const pid of [node(), ...processesWith(`slurmstepd: [${job}.`)]) process.kill(pid, "SIGKILL");
    },
    stop() {
      process.kill(node(), "SIGTERM");
      for (const daemon of daemons.reverse()) daemon.kill();
    },
  };
}

function isIdle(): boolean {
  try {
    return ask("sinfo", "--noheader", "--format=%t") === "idle";
  } catch {
    return false; // its controller is still starting
  }
}
