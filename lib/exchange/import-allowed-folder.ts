// A run folder on this machine that a request names. It may hold the events of a hundred thousand steps, so a process of its own reads it.
import "server-only";
import { basename } from "node:path";
import { workbench } from "../jobs/workbench";
import { requireAllowedPath } from "../runs/allowed";
import type { ImportedFolder } from "./imported";

export async function importAllowedFolder(path: string): Promise<ImportedFolder> {
  const folder = requireAllowedPath("folder", path);
  const name = basename(folder).slice(0, 80);
  const output = await workbench(["import", folder, name], { entry: "lib/cli.ts", options: { as: "run" } });
  return JSON.parse(output) as ImportedFolder;
}
