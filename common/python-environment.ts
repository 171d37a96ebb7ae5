// Virtual environments of Python with pinned packages, for programs that this project hands work to. Each is made once and kept in the cache.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder } from "./env";

/** Where its Python is. Throws with what pip said last where it could not be installed. */
export async function pythonWith(name: string, pinned: string[], say: (text: string) => void): Promise<string> {
  const hash = createHash("sha256").update(pinned.join("\n")).digest("hex").slice(0, 12);
  const folder = join(cacheFolder(), "python", `${name}-${hash}`);
  const python = join(folder, "bin", "python");
  if (existsSync(join(folder, "installed"))) return python;
  // one that was interrupted lacks the mark, and is made again: an environment cannot be moved, its programs name its path
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, ".."), { recursive: true });
  say(`installing ${pinned[0]} and what it needs, once`);
  await finished("python3", ["-m", "venv", folder], say);
  await finished(python, ["-m", "pip", "install", "--disable-pip-version-check", ...pinned], say);
  mkdirSync(join(folder, "installed.tmp"));
  renameSync(join(folder, "installed.tmp"), join(folder, "installed"));
  return python;
}

async function finished(command: string, args: string[], say: (text: string) => void): Promise<void> {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", command, ...args], { stdio: ["ignore", "pipe", "pipe"] }); // two would write to one folder
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (/^(Collecting|Installing)/.test(line)) say(line.slice(0, 120));
  });
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  const status = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status !== 0)
    throw new Error(
      `${command} ${args.slice(0, 3).join(" ")} ended with status ${status}: ${errors.slice(-3).join(" ")}`,
    );
}
