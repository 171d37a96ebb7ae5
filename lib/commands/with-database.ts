// A run or sampling on the command line that the trainers cannot do alone: they open no database. Datasets that the run file names become
// files for them, and what they ask people goes into the queue that it names.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Command } from "commander";
import { AlreadyReported, print, say } from "../../common/command-line";

export const withDatabase = new Command("with-database")
  .description(
    "train, preflight, dry-run or generate for a file that names snapshot:ID, labelled:ID, a queue of judges or an endpoint",
  )
  .option("--record <name>", "add the run to the list when it ends")
  .argument("<file>", "the run file, or that of what is sampled")
  .argument("<words...>", "the trainers' command, which names that file")
  .action(async (file: string, words: string[], { record }: { record?: string }) => {
    if (words[0] === "generate") return sample(file, words);
    const [{ readRunConfig }, { withDataFiles, withVersions }, { judged }] = await Promise.all([
      import("../../common/config-file"),
      import("../datasets/data-files"),
      import("./judged"),
    ]);
    const config = readRunConfig(file);
    const folder = mkdtempSync(join(tmpdir(), "workbench-run-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const whole = join(folder, basename(file));
    writeFileSync(whole, JSON.stringify(withDataFiles(await withVersions(config))));
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

/** The completions of prompts that are a dataset's. */
async function sample(file: string, words: string[]): Promise<void> {
  const [{ withPromptFile }, { trainersLines }] = await Promise.all([import("./prompt-file"), import("./trainers")]);
  const whole = await withPromptFile(file);
  for await (const line of trainersLines(words.map((word) => (word === file ? whole : word)))) print(line as object);
}

/** Nothing has been trained: the file or the command line was wrong. */
const isRefused = (error: unknown) => error instanceof AlreadyReported && error.status === 2;

/** However it ended: what it did is there to be seen. */
async function listRun(output: string, name: string): Promise<void> {
  const { importFolder } = await import("../exchange/import-folder");
  const run = importFolder(output, name, Date.now());
  say(`${run.name} is in the list of runs: ${run.status} after ${run.steps} steps`);
}
