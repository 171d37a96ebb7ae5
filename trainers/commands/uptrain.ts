import { Command } from "commander";
import { choice, say, wholeNumber } from "../../common/command-line";
import { type FolderType, folderTypeNames } from "../../spec/export-types";
import { writeDerived } from "./derived-model";

interface Options {
  kvHeads: number;
  dtype?: FolderType;
}

export const uptrain = new Command("uptrain")
  .description("pool a model's key and value heads into fewer, after which it is to be trained on text")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<folder>", "where the new model is written, in Hugging Face layout")
  .requiredOption(
    "--kv-heads <number>",
    "key and value heads of the new model, a number that divides the model's",
    wholeNumber,
  )
  .addOption(choice("--dtype <type>", "of the weights; float32 where it is not given", folderTypeNames))
  .action(async (source: string, folder: string, { kvHeads, dtype = "float32" }: Options) => {
    const { withKeyValueHeads } = await import("../models/key-value-heads");
    const how = ({ kvHeads: before }: { kvHeads: number }) =>
      `${kvHeads} key and value heads\ninstead of ${before}, each the mean of the ${before / kvHeads} that it replaces (Ainslie et al. 2023, arXiv 2305.13245, section 2.1).`;
    await writeDerived(folder, source, (files) => withKeyValueHeads(files, kvHeads), how, dtype);
    say(
      `the model with ${kvHeads} key and value heads is in ${folder}, in ${dtype}; train it on text with SFT before it is used`,
    );
  });
