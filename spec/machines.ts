// Machines that runs may be sent to, as pages and server speak of them: a Slurm cluster, a Ray cluster, or whatever shell commands reach.
import { z } from "zod";
import { httpAddress, isHttp } from "./http-address";
import { name } from "./names";

const text = z.string().trim().max(10_000);
const command = text.min(1, "Enter a command.");
const perJob = (what: string) =>
  z
    .number({ error: `Enter how many ${what} a run takes.` })
    .min(0)
    .max(10_000);

/** What every job's script begins with. */
const start = {
  /** Shell lines that a job runs first: modules, variables, a virtual environment. */
  setup: text.default(""),
  /** How Node is started there: `node`, or `apptainer exec image.sif node`. */
  node: command.default("node"),
};

export const machineSettings = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("slurm"),
    ...start,
    /** Options of sbatch, one a line. */
    sbatch: text.default(""),
  }),
  z.strictObject({
    kind: z.literal("ray"),
    ...start,
    /** Of the dashboard, which serves the Jobs API; without a slash at its end. */
    address: text.refine(isHttp, `Enter an ${httpAddress}.`).overwrite((address) => address.replace(/\/+$/, "")),
    cpus: perJob("processors").default(1),
    gpus: perJob("GPUs").default(0),
  }),
  z.strictObject({
    kind: z.literal("command"),
    ...start,
    /** Shell commands, which get their values as variables: $SCRIPT, $NAME and $LOG, and the others $JOB. */
    submit: command,
    state: command,
    cancel: command,
  }),
]);
export type MachineSettings = z.output<typeof machineSettings>;
export type SettingsOf<Kind extends MachineSettings["kind"]> = Extract<MachineSettings, { kind: Kind }>;

export const machineInput = z.strictObject({
  name: name("Name the machine."),
  runsAtOnce: z.int("Enter a whole number from 1 to 1,000.").min(1).max(1000).default(1),
  settings: machineSettings,
});
export type MachineInput = z.output<typeof machineInput>;

export const machineDto = z
  .object({
    ...machineInput.shape,
    id: z.number(),
    /** How many runs it has. */
    runs: z.number(),
  })
  .meta({ id: "Machine" });
export type MachineDto = z.output<typeof machineDto>;
