// Creates and migrates the databases and loads the sample data, in a process of its own (it needs TypeScript).
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";
import { SetupError } from "./report.mjs";
import { run } from "./shell.mjs";

/** Arguments that let Node run TypeScript in its own process: tsx as a wrapper would end a busy child on the first signal. */
export const typescript = ["--import", pathToFileURL(join(root, "node_modules", "tsx", "dist", "loader.mjs")).href];

/** Arguments that let Node run one of the programs of programs.mjs. */
export const program = (entry) => [join(root, "scripts", "program.mjs"), entry];

/** What was done, in words. `sayOwner` gets the link by which a team's first owner joins, where nobody has. */
export async function database(sayOwner = () => {}) {
  const { words, owner, problem } = JSON.parse(
    await run(process.execPath, program("lib/setup/main.ts"), { cwd: root }),
  );
  if (problem) throw new SetupError(problem);
  if (owner) sayOwner(owner);
  return words;
}
