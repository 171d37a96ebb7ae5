// `npm run workbench -- COMMAND`: the command line (trainers/cli.ts), after whatever set-up it still needs.
// `npm run bench`, `interop`, `loaders`, `study` and `figures` come through here too.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isNoise } from "./noise.mjs";
import { typescript } from "./setup/database.mjs";
import { smollm2 } from "./setup/models.mjs";
import { native } from "./setup/native.mjs";
import { packages } from "./setup/packages.mjs";
import { root } from "./setup/paths.mjs";
import { fail, line } from "./setup/report.mjs";
import { sqlite } from "./setup/sqlite.mjs";

const args = process.argv.slice(2);
const say = (text) => line("…", "set-up", text);

try {
  await packages(say);
  if (args[0] === "fetch") {
    if (args[1] !== "smollm2-135m-instruct")
      throw new Error(`there is no model ${args[1]} to fetch; known: smollm2-135m-instruct`);
    process.stderr.write(`${await smollm2(say)}\n`);
    process.exit(0);
  }
  await sqlite(say);
  await native(say);
  if (args[0] === "bench" || args[0] === "interop") await smollm2(say);
} catch (error) {
  fail(error);
}
const entries = {
  bench: "bench/bench.ts",
  figures: "bench/figures.ts",
  interop: "bench/interop.ts",
  loaders: "bench/loaders.ts",
  study: "studies/study.ts",
};
const [entry, rest] = Object.hasOwn(entries, args[0] ?? "") ? [entries[args[0]], args.slice(1)] : ["cli.ts", args];
const child = spawn(process.execPath, [...typescript, join(root, "trainers", entry), ...rest], {
  cwd: root,
  stdio: ["inherit", "inherit", "pipe"],
});
createInterface({ input: child.stderr }).on("line", (text) => isNoise(text) || process.stderr.write(`${text}\n`));
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => child.kill(name));
child.once("close", (code) => process.exit(code ?? 1));
