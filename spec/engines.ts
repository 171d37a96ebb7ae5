// Programs that train. The runner starts one in the workbench's folder as `COMMAND RUN_FOLDER ATTEMPT`. It reads run.json and attempt-<attempt>.json
// there and appends its events (events.ts) to events-<attempt>.ndjson. SIGTERM, or a file `stop` in that folder, asks it to save and end.
// Exit status: 0 finished, 3 stopped and saved, anything else failed.

export interface Engine {
  /** The program and its first arguments; `node` is the Node that the workbench runs on. */
  command: readonly string[];
  /** Methods that it has. */
  methods: "all" | readonly string[];
}

/** By the name that a run file gives as its `engine`. To add one is to add its line here and the program that it names. */
export const engines: Record<string, Engine> = {
  workbench: {
    command: ["node", "--require", "./scripts/setup/follow-parent.cjs", "--import", "tsx", "trainers/run/main.ts"],
    methods: "all",
  },
};

export const savedStatus = 3;

/** Why a run cannot be trained by the engine that it names; null where it can. */
export function engineProblem({ engine, method }: { engine: string; method: string }): string | null {
  const known = Object.hasOwn(engines, engine) ? engines[engine] : undefined;
  if (!known) return `there is no engine ${engine}; there are ${Object.keys(engines).join(", ")}`;
  if (known.methods === "all" || known.methods.includes(method)) return null;
  return `the engine ${engine} has no ${method}, only ${known.methods.join(", ")}`;
}
