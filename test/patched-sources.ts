// A copy of the sources with a patch of docs/examples applied: what somebody would add to the workbench, tried out.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface PatchedSources {
  /** Of the copy. */
  root: string;
  /** Of each file that the patch touches: lines added, lines taken away, its path. */
  touched: { plus: number; minus: number; path: string }[];
  /** A module of the copy: only from there, so that no other instance of the engine is at work. */
  load<Module>(path: string): Promise<Module>;
}

export function patchedSources(example: string): PatchedSources {
  const patch = resolve("docs/examples", example);
  const root = realpathSync(mkdtempSync(join(tmpdir(), "workbench-test-")));
  const git = (...args: string[]) => execFileSync("git", ["apply", ...args, patch], { cwd: root, encoding: "utf8" });
  for (const folder of ["spec", "common", "trainers"])
    cpSync(folder, join(root, folder), { recursive: true, filter: (source) => !source.endsWith(".test.ts") });
  for (const name of ["node_modules", "data", "scripts", "package.json", "tsconfig.json"])
    symlinkSync(resolve(name), join(root, name));
  git();
  const lines = git("--numstat").trim().split("\n");
  const touched = lines.map((line) => {
    const [plus, minus, path] = line.split("\t");
    return { plus: Number(plus), minus: Number(minus), path: path! };
  });
  return { root, touched, load: (path) => import(join(root, path)) };
}
