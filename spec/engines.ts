// Programs that train. The runner starts one in the workbench's folder as `COMMAND RUN_FOLDER ATTEMPT`. It reads run.json and attempt-<attempt>.json
// there and appends its events (events.ts) to events-<attempt>.ndjson. SIGTERM, or a file `stop` in that folder, asks it to save and end.
// Exit status: 0 finished, 3 stopped and saved, anything else failed.

import type { RunConfig } from "./methods/all";
import { trlMethods, trlProblems } from "./trl/problems";

export interface Engine {
  /** The program and its first arguments; `node` is the Node that the workbench runs on. */
  command: readonly string[];
  /** Methods that it has. */
  methods: "all" | readonly string[];
  /** What it lacks of a run of such a method: each with its field. */
  problems?: (config: RunConfig) => [path: string, why: string][];
}

const program = ["node", "--require", "./scripts/setup/follow-parent.cjs", "scripts/program.mjs"];

const onlyByTrl = (isSo: boolean, field: string, why: string): [string, string][] =>
  isSo ? [[`distributed.${field}`, `the workbench's own engine ${why}, or engine to trl`]] : [];

/** By the name that a run file gives as its `engine`. To add one is to add its line here and the program that it names. */
export const engines: Record<string, Engine> = {
  workbench: {
    command: [...program, "trainers/run/main.ts"],
    methods: "all",
    problems: ({ distributed: { processes, zeroStage, offload } }) => [
      ...onlyByTrl(processes > 1, "processes", "trains in one process; set it to 1"),
      ...onlyByTrl(zeroStage > 0, "zeroStage", "has no DeepSpeed; set it to 0"),
      ...onlyByTrl(offload !== "none", "offload", "has no DeepSpeed; set it to none"),
    ],
  },
  /** TRL in Python (docs/engines.md). */
  trl: {
    command: [...program, "trainers/trl/main.ts"],
    methods: trlMethods,
    problems: trlProblems,
  },
};

export const savedStatus = 3;

/** Why a run cannot be trained by the engine that it names: each with its field. */
export function engineProblems(config: RunConfig): [path: string, why: string][] {
  const { engine, method } = config;
  const known = Object.hasOwn(engines, engine) ? engines[engine] : undefined;
  if (!known) return [["engine", `there is no engine ${engine}; there are ${Object.keys(engines).join(", ")}`]];
  if (known.methods !== "all" && !known.methods.includes(method))
    return [["engine", `the engine ${engine} has no ${method}, only ${known.methods.join(", ")}`]];
  return known.problems?.(config) ?? [];
}
