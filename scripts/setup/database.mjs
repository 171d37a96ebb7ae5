// Creates and migrates the databases and loads the sample data, in a process of its own (it needs TypeScript).
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./shell.mjs";

export const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs");

export const database = () => run(process.execPath, [tsx, join("lib", "db", "setup.ts")], { cwd: root });
