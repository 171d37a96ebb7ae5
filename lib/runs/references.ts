// Run files name what other runs left behind: `run:ID` in forms and scripts, folders in what trainers read.
import "server-only";
import { runFolder, runOfPath } from "../../common/env";
import { AppError } from "../../spec/errors";
import { adapterFolder, checkpointFolder, requireRun } from "./require-run";

/** `run:ID` stands for the folder of what that run leaves behind, `run:ID@STEP` for its checkpoint there. `after` have not finished yet. */
export function withFolders(config: object): { config: object; after: string[] } {
  const after = new Set<string>();
  const whole = JSON.parse(JSON.stringify(config), (_, value) => {
    const [, id, step] = (typeof value === "string" && /^run:(\w+)(?:@(\d+))?$/.exec(value)) || [];
    if (id === undefined) return value;
    if (step !== undefined) return checkpointFolder(id, Number(step));
    const { status, name } = requireRun(id);
    if (status === "queued" || status === "running") {
      after.add(id);
      return runFolder(id);
    }
    const folder = adapterFolder(id);
    if (!folder) throw new AppError(400, `Run ${name} is ${status} and has saved no adapter; choose another run.`);
    return folder;
  }) as object;
  return { config: whole, after: [...after] };
}

/** The way back: folders become `run:ID`, as the form's lists have them. `uses` are these runs. */
export function withRuns(config: object): { config: Record<string, unknown>; uses: string[] } {
  const uses = new Set<string>();
  const whole = JSON.parse(JSON.stringify(config), (_, value) => {
    const id = typeof value === "string" ? runOfPath(value) : null;
    if (id === null) return value;
    uses.add(id);
    return `run:${id}`;
  }) as Record<string, unknown>;
  return { config: whole, uses: [...uses] };
}
