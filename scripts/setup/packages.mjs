// node_modules as the lock file says; npm runs only where the lock changed or an install was interrupted.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson, root, writeAtomic } from "./paths.mjs";
import { SetupError } from "./report.mjs";
import { run } from "./shell.mjs";

const stamp = join(root, "node_modules", ".workbench", "packages.json");

export async function packages(say) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new SetupError(
      `Node ${process.version} is too old; install Node 20.19 or newer (22 or 24 do as well) and start again.`,
    );
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (readJson(stamp)?.lock === lock && existsSync(join(root, "node_modules", "next", "package.json")))
    return "up to date";
  say("installing (about a minute)");
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root });
  writeAtomic(stamp, JSON.stringify({ lock }));
  return "installed";
}
