import { Command } from "commander";
import { print, Refusal } from "../../common/command-line";

export const describeModel = new Command("describe-model")
  .description("what a model is by its config and its tensors, without reading its weights")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .action(async (model: string) => {
    const { lookAtModel } = await import("../models/look");
    try {
      print(await lookAtModel(model));
    } catch (error) {
      throw new Refusal(error instanceof Error ? error.message : String(error), { cause: error });
    }
  });
