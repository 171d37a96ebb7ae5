// `npm run workbench -- COMMAND`: the command line (trainers/cli.ts), after whatever set-up it still needs.
// `npm run bench`, `interop`, `loaders`, `study`, `figures` and `findings` come through here too.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseCommandLine } from "./command-line.mjs";
import { isNoise } from "./noise.mjs";
import { typescript } from "./setup/database.mjs";
import { smollm2 } from "./setup/models.mjs";
import { native } from "./setup/native.mjs";
import { packages } from "./setup/packages.mjs";
import { root } from "./setup/paths.mjs";
import { fail, line } from "./setup/report.mjs";
import { sqlite } from "./setup/sqlite.mjs";

const args = process.argv.slice(2);
const parsed = parseCommandLine(args);
if ("help" in parsed) {
  process.stdout.write(`${parsed.help}\n`);
  process.exit(0);
}
if ("refused" in parsed) {
  process.stderr.write(`${parsed.refused}\n`);
  process.exit(2);
}
const { name: command, program } = parsed.form;
const say = (text) => line("…", "set-up", text);

try {
  await packages(say);
  if (command === "fetch") {
    process.stderr.write(`${await smollm2(say)}\n`);
    process.exit(0);
  }
  await sqlite(say);
  await native(say);
  if (command === "bench" || command === "interop") await smollm2(say);
} catch (error) {
  fail(error);
}
const [entry, rest] = program ? [program, args.slice(1)] : ["trainers/cli.ts", args];
const child = spawn(process.execPath, [...typescript, join(root, entry), ...rest], {
  cwd: root,
  stdio: ["inherit", "inherit", "pipe"],
});
createInterface({ input: child.stderr }).on("line", (text) => isNoise(text) || process.stderr.write(`${text}\n`));
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => child.kill(name));
child.once("close", (code) => process.exit(code ?? 1));
