import { Command } from "commander";
import { print, Refusal } from "../../common/command-line";

export const inspectModel = new Command("inspect-model")
  .description("licence, tokenizer, chat template and sizes of a model, as its page shows them")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .action(async (model: string) => {
    const { factsOf } = await import("../models/facts");
    try {
      print(await factsOf(model));
    } catch (error) {
      throw new Refusal(error instanceof Error ? error.message : String(error), { cause: error });
    }
  });
