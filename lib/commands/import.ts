import { Command } from "commander";
import { choice, print, Refusal, say } from "../../common/command-line";
import { AppError } from "../../spec/errors";

export const importFile = new Command("import")
  .description("import pairs into a queue, or labelled rows as a training set")
  .argument("<file>", "of rows, in any of the formats in docs/run-file.md; a run's output folder")
  .argument("<name>", "of the queue, made where there is none, of the labelled dataset, or of the run")
  .addOption(
    choice("--as <what>", "pairs to annotate, labelled rows, which a run file names labelled:ID, or a run", [
      "annotate",
      "labelled",
      "run",
    ]),
  )
  .action(async (file: string, name: string, options: { as?: "annotate" | "labelled" | "run" }) => {
    if (options.as === "run") return importRun(file, name);
    const load =
      options.as === "labelled"
        ? (await import("../datasets/labelled/labelled-sets")).loadLabelled
        : (await import("../annotation/queues/load-pairs")).loadPairs;
    try {
      const { bad, left, notes, ...report } = await load(name, file, Date.now());
      for (const { line, reason } of bad) say(`${file}:${line}: ${reason}`);
      if (left > bad.length) say(`${file}: ${left - bad.length} more lines were left out`);
      for (const note of notes) say(`${file}: ${note}`);
      print({ ...report, bad: left });
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
