// What the form of a machine asks, by the kind of its scheduler.
import type { MachineDto, MachineSettings } from "@/spec/machines";

type Kind = MachineSettings["kind"];

export const kindLabels: Record<Kind, string> = { slurm: "Slurm", ray: "Ray", command: "shell commands" };

export interface MachineField {
  name: string;
  label: string;
  about: string;
  lines?: true;
  /** In both columns, as lines are: with Jobs by, the others are of an even number. */
  wide?: true;
  number?: true;
}

const first: MachineField[] = [
  { name: "name", label: "Name", about: "As the form of a run and run files call it." },
  { name: "runsAtOnce", label: "Runs at once", about: "More wait in the queue here.", number: true },
  { name: "node", label: "Node", about: "How Node is started there: node, or apptainer exec image.sif node." },
];
const last: MachineField[] = [
  {
    ...{ name: "setup", label: "Set-up", lines: true },
    about: "Shell lines that a job runs first: module load cuda, export WORKBENCH_TRL_PYTHON=/opt/trl/bin/python.",
  },
];

const own: Record<Kind, MachineField[]> = {
  slurm: [
    {
      ...{ name: "sbatch", label: "Options of sbatch", lines: true },
      about: "One a line: --partition=gpu, --time=24:00:00, --gres=gpu:1.",
    },
  ],
  ray: [
    { name: "address", label: "Address", about: "Of Ray's dashboard: http://head.cluster:8265.", wide: true },
    { name: "cpus", label: "Processors", about: "That a run takes.", number: true },
    { name: "gpus", label: "GPUs", about: "That a run takes.", number: true },
  ],
  command: [
    {
      ...{ name: "submit", label: "Submit", wide: true },
      about: 'Hands in the script "$SCRIPT" and prints the job\'s id as its last word: qsub -N "$NAME" "$SCRIPT".',
    },
    {
      ...{ name: "state", label: "State", wide: true },
      about: 'Prints waiting, running or ended of the job "$JOB", then whatever explains it.',
    },
    {
      ...{ name: "cancel", label: "Cancel", wide: true },
      about: 'Ends the job "$JOB", also one that waits: qdel "$JOB".',
    },
  ],
};

export const fieldsOf = (kind: Kind): MachineField[] => [...first, ...own[kind], ...last];

export type Texts = Record<string, string>;

/** What the form opens with. */
export function textsOf(machine: MachineDto | null): Texts {
  const usual = { name: "", runsAtOnce: "1", node: "node", cpus: "1", gpus: "0" };
  if (machine === null) return usual;
  const { name, runsAtOnce, settings } = machine;
  const given = Object.entries({ name, runsAtOnce, ...settings }).map(([key, value]) => [key, String(value)]);
  return { ...usual, ...Object.fromEntries(given) };
}

/** As the schema reads it. A number that is none stays none, for the schema to refuse. */
export function inputOf(kind: Kind, texts: Texts) {
  const values = fieldsOf(kind).map(({ name, number }) => {
    const text = texts[name] ?? "";
    return [name, number ? (text.trim() === "" ? Number.NaN : Number(text)) : text];
  });
  const { name, runsAtOnce, ...settings } = Object.fromEntries(values);
  return { name, runsAtOnce, settings: { kind, ...settings } };
}
