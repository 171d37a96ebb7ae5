// The browser journeys in two halves side by side, each with a workbench, a data folder and a browser of its own: one alone keeps one
// processor waiting for most of its time. What the second says is printed when both have ended.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./setup/paths.mjs";

const cli = join(root, "node_modules", "@playwright", "test", "cli.js");
const ports = [3417, 3427];

function half(number, browser) {
  const args = [cli, "test", "--project=journeys", `--shard=${number}/${ports.length}`];
  const env = { ...process.env, CHROMIUM_PATH: browser, E2E_PORT: String(ports[number - 1]) };
  const live = number === 1;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ["ignore", ...Array(2).fill(live ? "inherit" : "pipe")],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, said: Buffer.concat(said) }));
  });
}

/** Whether all journeys passed, in the Chromium at `browser`. */
export async function journeys(browser) {
  const halves = await Promise.all(ports.map((_, at) => half(at + 1, browser)));
  for (const { said } of halves) process.stdout.write(said);
  return halves.every(({ code }) => code === 0);
}
