// Any other scheduler, by shell commands of an administrator's. What differs from job to job reaches them as variables, never as text of theirs.

import type { SettingsOf } from "../../spec/machines";
import { askProgram } from "./ask-program";
import type { JobState, Scheduler } from "./scheduler";

const states = ["waiting", "running", "ended"] as const;

const shell = (command: string, env: Record<string, string>) => askProgram("sh", ["-c", command], env);

export const commandScheduler = ({ submit, state, cancel }: SettingsOf<"command">): Scheduler => ({
  async submit({ name, script, log }) {
    const said = await shell(submit, { NAME: name, SCRIPT: script, LOG: log });
    const id = said.split(/\s+/).at(-1)!; // "Submitted batch job 12"
    if (id === "")
      throw new Error("the command that submits a job printed nothing; its last word has to be the job's id");
    return id;
  },
  state: async (id) => stateIn(await shell(state, { JOB: id })),
  async cancel(id) {
    await shell(cancel, { JOB: id });
  },
});

/** "waiting for a GPU": the first word is the state. */
function stateIn(said: string): JobState {
  const state = states.find((one) => one === /^\w*/.exec(said)![0]);
  if (state) return { state, words: said };
  const rule = `its first word has to be ${states.join(", ")}`;
  throw new Error(`the command that tells a job's state printed ${JSON.stringify(said.slice(0, 200))}; ${rule}`);
}
