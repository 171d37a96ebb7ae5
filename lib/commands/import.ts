import { userInfo } from "node:os";
import { Command } from "commander";
import { choice, print, Refusal, remotely } from "../../common/command-line";
import { AppError } from "../../spec/errors";
import { tellImport } from "./import-report";

export interface ImportOptions {
  as?: "annotate" | "labelled" | "both" | "run";
}

export const importFile = new Command("import")
  .description("import pairs into a queue, or labelled rows as a training set")
  .argument("<file>", "of rows, in any of the formats in docs/run-file.md; a run's output folder")
  .argument("<name>", "of the queue, made where there is none, of the labelled dataset, or of the run")
  .addOption(
    choice("--as <what>", "pairs to annotate, labelled rows, which a run file names labelled:ID, both, or a run", [
      "annotate",
      "labelled",
      "both",
      "run",
    ]),
  )
  .addOption(remotely())
  .action(async (file: string, name: string, { as }: ImportOptions) => {
    if (as === "run") return importRun(file, name);
    const { addLabelled, addPairs, oneFile } = await import("../datasets/add/add-dataset");
    const added = { name, mapping: null, by: userInfo().username };
    try {
      const report = await (as === "labelled"
        ? addLabelled(oneFile(file), added, Date.now())
        : addPairs(oneFile(file), { ...added, keepsLabels: as === "both" }, Date.now()));
      tellImport(report, file);
    } catch (error) {
      // a file of which nothing can be read is wrong, as a run file may be
      throw error instanceof AppError ? new Refusal(`file: ${file}: ${error.message}`, { cause: error }) : error;
    }
  });

async function importRun(folder: string, name: string): Promise<void> {
  const { importFolder } = await import("../exchange/import-folder");
  try {
    print(importFolder(folder, name, Date.now()));
  } catch (error) {
    throw error instanceof AppError ? new Refusal(error.message, { cause: error }) : error;
  }
}
