import { userInfo } from "node:os";
import { Command } from "commander";
import { choice, print, Refusal, say } from "../../common/command-line";
import { AppError } from "../../spec/errors";

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
  .action(async (file: string, name: string, { as }: { as?: "annotate" | "labelled" | "both" | "run" }) => {
    if (as === "run") return importRun(file, name);
    const { addLabelled, addPairs, oneFile } = await import("../datasets/add/add-dataset");
    const added = { name, mapping: null, by: userInfo().username };
    try {
      const { bad, left, notes, ...report } = await (as === "labelled"
        ? addLabelled(oneFile(file), added, Date.now())
        : addPairs(oneFile(file), { ...added, keepsLabels: as === "both" }, Date.now()));
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
