import { Command } from "commander";
import { print, Refusal } from "../../common/command-line";

export const dryRun = new Command("dry-run")
  .description("run four steps and report peak memory, seconds per step and the first rewards")
  .argument("<run.json>", "the run file, see docs/run-file.md")
  .action(async (file: string) => {
    const { readRunConfig } = await import("../../common/config-file");
    const config = readRunConfig(file);
    if (config.engine !== "workbench")
      throw new Refusal(`a dry run is of the workbench's own engine, and this run is trained by ${config.engine}`);
    const { dryRun } = await import("../run/dry-run");
    print(await dryRun(config));
  });
