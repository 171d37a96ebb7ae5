// `node scripts/program.mjs ENTRY ARGUMENTS`: one of the programs of setup/programs.mjs, such as trainers/cli.ts, or a helper of the tests.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./setup/paths.mjs";
import { entries, helpers, programs } from "./setup/programs.mjs";

const [, , entry] = process.argv;
process.argv.splice(1, 2, join(root, entry));
process.setSourceMapsEnabled(true);
const folder = await programs(helpers.includes(entry) ? helpers : entries);
await import(pathToFileURL(join(folder, entry.replace(/\.ts$/, ".mjs"))).href);
