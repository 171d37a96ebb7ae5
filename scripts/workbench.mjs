// `npm run workbench -- COMMAND`: the command line (tools/command-line.ts), after whatever set-up it still needs.
// `npm run bench`, `interop`, `loaders`, `templates`, `gguf`, `serving`, `study`, `torture`, `figures`, `findings` and `reference` come through here too.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { isNoise } from "./noise.mjs";
import { program, typescript } from "./setup/database.mjs";
import { smollm2 } from "./setup/models.mjs";
import { native } from "./setup/native.mjs";
import { nativeOps } from "./setup/native-ops.mjs";
import { packages } from "./setup/packages.mjs";
import { root } from "./setup/paths.mjs";
import { entries as programs } from "./setup/programs.mjs";
import { fail, line } from "./setup/report.mjs";
import { sqlite } from "./setup/sqlite.mjs";

/** Programs begin as bundled; what builds and measures the workbench itself does not. */
const started = (entry) => (programs.includes(entry) ? program(entry) : [...typescript, join(root, entry)]);

const say = (text) => line("…", "set-up", text);

let chosen;
try {
  await packages(say);
  const { register } = await import("tsx/esm/api");
  register();
  const { choose } = await import(pathToFileURL(join(root, "tools", "command-line.ts")).href);
  chosen = await choose(process.argv.slice(2)); // before anything else is set up
  if (typeof chosen === "number") process.exit(chosen);
  const { name: command } = chosen;
  if (command === "fetch") {
    process.stderr.write(`${await smollm2(say)}\n`);
    process.exit(0);
  }
  await sqlite(say);
  await native(say);
  await nativeOps(say);
  if (["bench", "interop", "serving", "gpu-check"].includes(command)) await smollm2(say);
} catch (error) {
  fail(error);
}
const child = spawn(process.execPath, [...started(chosen.entry), ...chosen.words], {
  cwd: root,
  stdio: ["inherit", "inherit", "pipe"],
});
createInterface({ input: child.stderr }).on("line", (text) => isNoise(text) || process.stderr.write(`${text}\n`));
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => child.kill(name));
child.once("close", (code) => process.exit(code ?? 1));
