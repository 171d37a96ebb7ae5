import { Command } from "commander";
import { choice, say, wholeNumber } from "../../common/command-line";
import { type FolderType, folderTypeNames } from "../../spec/export-types";
import { type LongerScaling, longerScalings } from "../../spec/rope-scalings";
import { writeDerived } from "./derived-model";

interface Options {
  context: number;
  scaling?: LongerScaling;
  dtype?: FolderType;
}

export const extendContext = new Command("extend-context")
  .description("a model for longer texts than it knows, by RoPE scaling, to be trained on such texts")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<folder>", "where the new model is written, in Hugging Face layout")
  .requiredOption("--context <tokens>", "how long texts may be", wholeNumber)
  .addOption(choice("--scaling <kind>", "of positions; yarn where it is not given", longerScalings))
  .addOption(choice("--dtype <type>", "of the weights; float32 where it is not given", folderTypeNames))
  .action(async (source: string, folder: string, { context, scaling = "yarn", dtype = "float32" }: Options) => {
    const { withContext } = await import("../models/longer-context");
    const how = () => `positions for ${context}\ntokens by RoPE scaling "${scaling}".`;
    await writeDerived(folder, source, (files) => withContext(files, context, scaling), how, dtype);
    say(
      `the model for ${context} tokens is in ${folder}, in ${dtype}; train it on texts of that length before it is used`,
    );
  });
