import { Command } from "commander";
import { print } from "../../common/command-line";

export const dryRun = new Command("dry-run")
  .description("run four steps and report peak memory, seconds per step and the first rewards")
  .argument("<run.json>", "the run file, see docs/run-file.md")
  .action(async (file: string) => {
    const { readRunConfig } = await import("../../common/config-file");
    const config = readRunConfig(file);
    const { dryRun } = await import("../run/dry-run");
    print(await dryRun(config));
  });
