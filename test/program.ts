// The programs of the command line as another program sees them: exit status, standard output, standard error.
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const program =
  (entry: "trainers/cli.ts" | "lib/cli.ts" | "client/cli.ts", input = "") =>
  (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/program.mjs", entry, ...args], {
      encoding: "utf8",
      input,
      timeout: 600_000, // a program that hangs would keep the test from ending
    });
    return { status, stdout, stderr };
  };

export const scratch = () => mkdtempSync(join(tmpdir(), "workbench-test-"));

/** A file of this name with this text, or this value as JSON. */
export function file(name: string, value: unknown): string {
  const path = join(scratch(), name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}
