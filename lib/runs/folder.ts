// Where a run keeps its files.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runFolder } from "../../common/env";
import type { Run } from "../db/tables/runs";

/** A folder of the workbench's own; of a run that was begun on the command line and brought in, the output folder that it had there. */
export function folderOf({ id, config: { output } }: Run): string {
  const own = runFolder(id);
  return output !== undefined && !existsSync(own) && existsSync(join(output, "run.json")) ? output : own;
}
