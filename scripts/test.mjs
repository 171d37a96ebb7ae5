// `npm test`: the set-up of `npm start`, then types, lint, unit and integration tests, and the browser journeys, but for those tagged `long`.
// `npm run test:long`: the same set-up, then those.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "./setup/build.mjs";
import { caddy } from "./setup/caddy.mjs";
import { chromium } from "./setup/chromium.mjs";
import { smollm2 } from "./setup/models.mjs";
import { native } from "./setup/native.mjs";
import { nativeOps } from "./setup/native-ops.mjs";
import { packages } from "./setup/packages.mjs";
import { root } from "./setup/paths.mjs";
import { fail, SetupError, stage } from "./setup/report.mjs";
import { sqlite } from "./setup/sqlite.mjs";
import { testFolders, testsOf } from "./test-files.mjs";

const long = process.argv.includes("--long");
const bin = (...path) => join(root, "node_modules", ...path);

/** To load the others, only to find nothing in them to run, would take minutes. */
const filesOfLong = () =>
  testsOf(testFolders).filter((path) => /tags: .*"long"|@module-tag long/.test(readFileSync(join(root, path), "utf8")));

function check(name, args, env = {}) {
  process.stderr.write(`\n── ${name}\n`);
  return ended(name, start(args, env, "inherit"));
}

const start = (args, env, output) =>
  spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
  });

const ended = (name, child) =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new SetupError(`${name} failed.`))));
  });

/** Journeys mostly wait, for pages and for trainers: two halves beside each other, each with a workbench, data and ports of its own. */
async function journeys(browser) {
  const folder = mkdtempSync(join(tmpdir(), "workbench-journeys-")); // their data is some hundred megabytes
  const halves = [1, 2].map((half) => {
    const name = `browser journeys ${half} of 2`;
    process.stderr.write(`\n── ${name}\n`);
    const which = long ? "--grep=@long" : "--grep-invert=@long";
    const args = ["test", "--project=journeys", which, `--shard=${half}/2`, `--output=test-results/${half}`];
    const port = String(3397 + 20 * half); // some take the ports after it as well
    const child = start(
      [bin("@playwright", "test", "cli.js"), ...args],
      { CHROMIUM_PATH: browser, E2E_PORT: port, TMPDIR: folder, TF_NUM_INTRAOP_THREADS: "1" }, // a trainer of each half at a time
      "pipe",
    );
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => process.stderr.write(`${half}│ ${line}\n`));
    return ended(name, child);
  });
  const failed = (await Promise.allSettled(halves)).find(({ status }) => status === "rejected");
  rmSync(folder, { recursive: true, force: true });
  if (failed) throw failed.reason;
}

try {
  await stage("packages", packages);
  await stage("SQLite", sqlite);
  await stage("TensorFlow", native);
  await stage("own ops", nativeOps);
  await stage("model", smollm2);
  let browser;
  await stage("Chromium", async (say) => (browser = await chromium(say)));
  await stage("Caddy", caddy);
  await stage("app", build);
  if (!long) {
    // Each of several checkers would look at the same types anew; with one the other processor is free for lint.
    await Promise.all([
      check("types", [bin("typescript", "bin", "tsc"), "-p", ".", "--checkers", "1"]),
      check("lint", [bin("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."]),
    ]);
  }
  const units = long ? ["--tags-filter=long", ...filesOfLong()] : ["--tags-filter=!long"];
  await check("unit and integration", [bin("vitest", "vitest.mjs"), "run", ...units]);
  await journeys(browser);
  process.stderr.write("\nEverything passed.\n");
} catch (error) {
  fail(error);
}
