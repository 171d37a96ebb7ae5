// better-sqlite3 speaks V8, so each Node version needs its own build: the cached one, the project's prebuilt one, or a fresh one.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cache, readJson, root } from "./paths.mjs";
import { SetupError } from "./report.mjs";
import { run, succeeds } from "./shell.mjs";

const pkg = join(root, "node_modules", "better-sqlite3");
const binary = join(pkg, "build", "Release", "better_sqlite3.node");
const loads = () => succeeds(process.execPath, ["-e", `new (require(${JSON.stringify(pkg)}))(":memory:").close()`]);

export async function sqlite(say) {
  if (await loads()) return "ready";
  const { version } = readJson(join(pkg, "package.json"));
  const kept = join(
    cache,
    "sqlite",
    `better-sqlite3-${version}-${process.platform}-${process.arch}-abi${process.versions.modules}.node`,
  );
  mkdirSync(dirname(binary), { recursive: true });
  if (existsSync(kept)) {
    copyFileSync(kept, binary);
    if (await loads()) return "taken from the cache";
  }
  say("looking for a prebuilt binary");
  const prebuild = join(root, "node_modules", "prebuild-install", "bin.js");
  const fetched = await run(process.execPath, [prebuild], { cwd: pkg }).then(loads, () => false);
  if (!fetched) await compile(say);
  if (!(await loads()))
    throw new SetupError(
      `better-sqlite3 ${version} was built but does not load under Node ${process.version}; remove ${pkg} and start again.`,
    );
  mkdirSync(dirname(kept), { recursive: true });
  copyFileSync(binary, `${kept}.tmp-${process.pid}`);
  renameSync(`${kept}.tmp-${process.pid}`, kept);
  return fetched ? "prebuilt" : "compiled";
}

async function compile(say) {
  for (const [tool, how] of [
    ["g++", "apt-get install g++ make"],
    ["make", "apt-get install make"],
    ["python3", "apt-get install python3"],
  ])
    if (!(await succeeds(tool, ["--version"])))
      throw new SetupError(
        `${tool} is missing and SQLite has to be compiled; install it (Debian: ${how}) and start again.`,
      );
  const headers = await nodeHeaders(say);
  say("compiling SQLite (about a minute)");
  const env = { ...process.env, npm_config_nodedir: headers }; // node-gyp heeds this over its own option
  await run(process.execPath, [await nodeGyp(), "rebuild", "--release"], { cwd: pkg, env });
}

/** The folder that holds include/node of exactly this Node: beside it, or from the npm package that carries it. */
async function nodeHeaders(say) {
  const major = process.versions.node.split(".")[0];
  for (const folder of [process.env.npm_config_nodedir, dirname(dirname(process.execPath))])
    if (folder && existsSync(join(folder, "include", "node", "node.h")) && (await headerVersion(folder)) === major)
      return folder;
  const folder = join(cache, "node-headers", process.version);
  if (existsSync(join(folder, "include", "node", "node.h"))) return folder;
  say(`fetching the headers of Node ${process.version}`);
  const scratch = mkdtempSync(join(tmpdir(), "workbench-"));
  await run("npm", ["pack", "--silent", `node-${process.platform}-${process.arch}@${process.versions.node}`], {
    cwd: scratch,
  });
  const archive = readdirSync(scratch)[0];
  await run("tar", ["xzf", archive, "package/include"], { cwd: scratch });
  mkdirSync(dirname(folder), { recursive: true });
  await run("cp", ["-r", join(scratch, "package"), folder]);
  return folder;
}

async function headerVersion(folder) {
  const text = await run("grep", [
    "-E",
    "^#define NODE_MAJOR_VERSION",
    join(folder, "include", "node", "node_version.h"),
  ]).catch(() => "");
  return text.trim().split(/\s+/)[2];
}

/** npm carries node-gyp. */
async function nodeGyp() {
  const npm = process.env.npm_execpath ?? realpathSync((await run("which", ["npm"])).trim());
  const found = join(dirname(dirname(npm)), "node_modules", "node-gyp", "bin", "node-gyp.js");
  if (!existsSync(found))
    throw new SetupError(`npm's node-gyp is not at ${found}; update npm (npm install -g npm) and start again.`);
  return found;
}
