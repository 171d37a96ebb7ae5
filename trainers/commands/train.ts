import { Command } from "commander";
import { once, remotely } from "../../common/command-line";
import type { TrainOptions } from "./train-file";

export const train = new Command("train")
  .description("train a model; prints one JSON line per step")
  .argument("<run.json>", "the run file, see docs/run-file.md")
  .option("--tokens <file>", "also write every row's ids and masks as they are fed", once)
  .option("--resume", "go on from the last checkpoint in the output folder")
  .option("--allow-changed", "with --resume, go on also on other data or with other settings")
  .option("--start-over", "give up the checkpoints in the output folder")
  .option("--record <name>", "when it ends, add the run to the workbench's list under this name", once)
  .addOption(remotely())
  .action(async (file: string, options: TrainOptions) => {
    const { trainFile } = await import("./train-file");
    await trainFile(file, options);
  });
