// Slurm by its own commands, which have to be on the PATH of the runner.

import type { SettingsOf } from "../../spec/machines";
import { askProgram } from "./ask-program";
import type { JobState, Scheduler } from "./scheduler";

/** States of `man squeue` in which a job has yet to begin, or to begin again. */
const waiting = ["PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT", "CONFIGURING"];
const ended = [
  ...["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED"],
  ...["REVOKED", "TIMEOUT"],
];

export const slurmScheduler = ({ sbatch }: SettingsOf<"slurm">): Scheduler => ({
  submit({ name, script, log }) {
    const own = [`--job-name=${name}`, `--output=${log}`, "--open-mode=append"];
    return askProgram("sbatch", ["--parsable", ...optionsIn(sbatch), ...own, script]);
  },
  async state(id) {
    const { job, cluster } = partsOf(id);
    const args = ["--noheader", "--states=all", "--format=%T|%r|%N", ...cluster, `--jobs=${job}`];
    // exit status and message of a job that has been forgotten: slurm_load_jobs error: Invalid job id specified
    const said = await askProgram("squeue", args).catch((error: Error) => {
      if (error.message.includes("Invalid job id")) return "";
      throw error;
    });
    return stateIn(said.replace(/^CLUSTER: .*\n?/, "")); // of a named cluster, in spite of --noheader
  },
  async cancel(id) {
    const { job, cluster } = partsOf(id);
    await askProgram("scancel", [...cluster, job]);
  },
});

/** "12", or "12;gpu" of a cluster that the options named. */
function partsOf(id: string): { job: string; cluster: string[] } {
  const [job, cluster] = id.split(";");
  return { job: job!, cluster: cluster ? [`--clusters=${cluster}`] : [] };
}

/** Lines; one that begins with # is a comment. */
const optionsIn = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

/** "PENDING|Priority|" or "RUNNING|None|node3". */
function stateIn(said: string): JobState {
  if (said === "") return { state: "ended", words: "Slurm no longer knows the job" };
  const [name = "", reason = "", nodes = ""] = said.split("|");
  const words = [name, ...(reason === "None" ? [] : [`(${reason})`]), ...(nodes === "" ? [] : [`on ${nodes}`])].join(
    " ",
  );
  return { state: waiting.includes(name) ? "waiting" : ended.includes(name) ? "ended" : "running", words };
}
