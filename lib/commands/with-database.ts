// A run on the command line that the trainers cannot do alone: they open no database. Training sets that the run file names by their number
// become files for them, and what they ask people goes into the queue that it names.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Command } from "commander";
import { AlreadyReported, say } from "../../common/command-line";
import { FieldError } from "../../spec/field-error";

export const withDatabase = new Command("with-database")
  .description("train, preflight or dry-run for a run file that names snapshot:ID, labelled:ID or a queue of judges")
  .option("--record <name>", "add the run to the list when it ends")
  .argument("<run.json>", "the run file")
  .argument("<words...>", "the trainers' command, which names that file")
  .action(async (file: string, words: string[], { record }: { record?: string }) => {
    const [{ readRunConfig }, { withDataFiles }, { judged }] = await Promise.all([
      import("../../common/config-file"),
      import("../datasets/data-files"),
      import("./judged"),
    ]);
    const config = readRunConfig(file);
    const folder = mkdtempSync(join(tmpdir(), "workbench-run-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const whole = join(folder, basename(file));
    writeFileSync(whole, JSON.stringify(fieldErrors(() => withDataFiles(config))));
    try {
      await judged(
        words.map((word) => (word === file ? whole : word)),
        config.output,
      );
    } catch (error) {
      if (record !== undefined && !isRefused(error)) await listRun(config.output, record);
      throw error;
    }
    if (record !== undefined) await listRun(config.output, record);
  });

/** Nothing has been trained: the file or the command line was wrong. */
const isRefused = (error: unknown) => error instanceof AlreadyReported && error.status === 2;

/** However it ended: what it did is there to be seen. */
async function listRun(output: string, name: string): Promise<void> {
  const { importFolder } = await import("../exchange/import-folder");
  const run = importFolder(output, name, Date.now());
  say(`${run.name} is in the list of runs: ${run.status} after ${run.steps} steps`);
}

function fieldErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FieldError("data.train", error instanceof Error ? error.message : String(error), { cause: error });
  }
}
