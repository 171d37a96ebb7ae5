import { Command } from "commander";
import { print, say } from "../../common/command-line";

export const generate = new Command("generate")
  .description("sample completions of the prompts in a file, one JSON line each")
  .argument("<gen.json>", "model, adapter, prompts and how to sample, see docs/run-file.md")
  .action(async (file: string) => {
    const { readGenerateConfig } = await import("../../common/config-file");
    const config = readGenerateConfig(file);
    const { completions } = await import("../generate/completions");
    await completions(config, (rows, done, total) => {
      for (const row of rows) print(row);
      say(`${done} of ${total}`);
    });
  });
