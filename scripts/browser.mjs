// Starts a workbench on a fresh data folder and sends a browser through it: `npm run screenshots` photographs every screen into
// docs/screenshots, `npm run test:e2e -- e2e/FILE -g NAME` runs browser tests, `npm run report` measures the annotation screen into docs/annotation.json, `npm run scale` charts of long runs into docs/scale.json, large tables into docs/tables.json, `npm run records-browser` the records browser at 100,000 records, `npm run namespaces` has people work from two machines.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { chromium } from "./setup/chromium.mjs";
import { packages } from "./setup/packages.mjs";
import { root } from "./setup/paths.mjs";
import { fail, line } from "./setup/report.mjs";

const say = (text) => line("…", "set-up", text);

try {
  await packages(say);
  const env = { ...process.env, CHROMIUM_PATH: await chromium(say) };
  const cli = join(root, "node_modules", "@playwright", "test", "cli.js");
  spawn(process.execPath, [cli, "test", `--project=${process.argv[2]}`, ...process.argv.slice(3)], {
    cwd: root,
    env,
    stdio: "inherit",
  }).once("close", (code) => process.exit(code ?? 1));
} catch (error) {
  fail(error);
}
