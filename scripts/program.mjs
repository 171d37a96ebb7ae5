// `node scripts/program.mjs ENTRY ARGUMENTS`: one of the programs of setup/programs.mjs, such as trainers/cli.ts.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./setup/paths.mjs";
import { programs } from "./setup/programs.mjs";

const [, , entry] = process.argv;
process.argv.splice(1, 2, join(root, entry));
process.setSourceMapsEnabled(true);
const folder = await programs();
await import(pathToFileURL(join(folder, entry.replace(/\.ts$/, ".mjs"))).href);
