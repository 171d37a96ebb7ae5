// Programs that train. The runner starts one in the workbench's folder as `COMMAND RUN_FOLDER ATTEMPT`. It reads run.json and attempt-<attempt>.json
// there and appends its events (events.ts) to events-<attempt>.ndjson. SIGTERM, or a file `stop` in that folder, asks it to save and end.
// Exit status: 0 finished, 3 stopped and saved, anything else failed.

export interface Engine {
  /** The program and its first arguments; `node` is the Node that the workbench runs on. */
  command: string[];
}

export const engines: Record<string, Engine> = {
  workbench: {
    command: ["node", "--require", "./scripts/setup/follow-parent.cjs", "--import", "tsx", "trainers/run/main.ts"],
  },
};

export const savedStatus = 3;
