// `npm test`: the set-up of `npm start`, then types, lint, unit and integration tests, and the browser journeys.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "./setup/build.mjs";
import { chromium } from "./setup/chromium.mjs";
import { smollm2 } from "./setup/models.mjs";
import { native } from "./setup/native.mjs";
import { nativeOps } from "./setup/native-ops.mjs";
import { packages } from "./setup/packages.mjs";
import { root } from "./setup/paths.mjs";
import { fail, SetupError, stage } from "./setup/report.mjs";
import { sqlite } from "./setup/sqlite.mjs";

const bin = (...path) => join(root, "node_modules", ...path);

function check(name, args, env = {}) {
  process.stderr.write(`\n── ${name}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new SetupError(`${name} failed.`))));
  });
}

try {
  await stage("packages", packages);
  await stage("SQLite", sqlite);
  await stage("TensorFlow", native);
  await stage("own ops", nativeOps);
  await stage("model", smollm2);
  let browser;
  await stage("Chromium", async (say) => (browser = await chromium(say)));
  await stage("app", build);
  await check("types", [bin("typescript", "bin", "tsc"), "-p", "."]);
  await check("lint", [bin("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."]);
  await check("unit and integration", [bin("vitest", "vitest.mjs"), "run"]);
  await check("browser journeys", [bin("@playwright", "test", "cli.js"), "test", "--project=journeys"], {
    CHROMIUM_PATH: browser,
  });
  process.stderr.write("\nEverything passed.\n");
} catch (error) {
  fail(error);
}
