import { Command } from "commander";
import { print, Refusal } from "../../common/command-line";

export const describeConfig = new Command("describe-config")
  .description("the family of a model by its config.json alone, or why it cannot be used")
  .argument("<config.json>", "the file")
  .action(async (file: string) => {
    const { lookAtConfig } = await import("../models/look");
    try {
      print(lookAtConfig(file));
    } catch (error) {
      throw new Refusal(error instanceof Error ? error.message : String(error), { cause: error });
    }
  });
