import { Command } from "commander";
import { choice, print, Refusal, say } from "../../common/command-line";
import { AppError } from "../../spec/errors";

export const importFile = new Command("import")
  .description("pairs into a queue, or rows with their labels to train on")
  .argument("<file>", "of rows, in any of the formats in docs/run-file.md")
  .argument("<name>", "of the queue, made where there is none, or of the labelled dataset")
  .addOption(
    choice("--as <what>", "pairs to annotate, or labelled rows, which a run file names labelled:ID", [
      "annotate",
      "labelled",
    ]),
  )
  .action(async (file: string, name: string, options: { as?: "annotate" | "labelled" }) => {
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
