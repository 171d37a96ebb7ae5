import { Command } from "commander";
import { print, Refusal } from "../../common/command-line";

export const describeModel = new Command("describe-model")
  .description("family, size and context of a model, from its config and tensor headers")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .action(async (model: string) => {
    const { lookAtModel } = await import("../models/look");
    try {
      print(await lookAtModel(model));
    } catch (error) {
      throw new Refusal(error instanceof Error ? error.message : String(error), { cause: error });
    }
  });
