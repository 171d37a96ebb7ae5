// The production build, made anew where a source file is newer than the last one, and the programs that its pages start.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readJson, root, writeAtomic } from "./paths.mjs";
import { programs } from "./programs.mjs";
import { run } from "./shell.mjs";

const stamp = join(root, ".next", "workbench.json");
const sources = [
  "app",
  "lib",
  "trainers",
  "spec",
  "common",
  "proxy.ts",
  "instrumentation.ts",
  "next.config.mjs",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];

/** Names, sizes and times of everything that goes into the build. */
function fingerprint() {
  const hash = createHash("sha256").update(process.version);
  const visit = (path) => {
    const stat = statSync(join(root, path));
    if (stat.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name));
    else if (!path.endsWith(".test.ts")) hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const path of sources) visit(path);
  return hash.digest("hex");
}

export async function build(say) {
  await programs();
  const made = fingerprint();
  if (readJson(stamp)?.made === made && existsSync(join(root, ".next", "BUILD_ID"))) return "up to date";
  say("building (about half a minute)");
  await run(process.execPath, [join("node_modules", "next", "dist", "bin", "next"), "build"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  writeAtomic(stamp, JSON.stringify({ made }));
  return "built";
}
