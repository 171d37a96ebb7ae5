import { Command } from "commander";
import { choice, say } from "../../common/command-line";
import { type FolderType, folderTypeNames } from "../../spec/export-types";
import { type MeanOf, meansOf } from "../models/means-of";
import { writeDerived } from "./derived-model";

interface Options {
  tokens: string[];
  meanOf?: MeanOf;
  dtype?: FolderType;
}

export const addTokens = new Command("add-tokens")
  .description("a model with further tokens, to be trained on text that has them next")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<folder>", "where the new model is written, in Hugging Face layout")
  .requiredOption("--tokens <text...>", "the tokens, as text: '<think>' '</think>'")
  .addOption(
    choice("--mean-of <tokens>", "as which each begins: of all, or of the pieces that its text was; all", meansOf),
  )
  .addOption(choice("--dtype <type>", "of the weights; float32 where it is not given", folderTypeNames))
  .action(async (source: string, folder: string, { tokens, meanOf = "all", dtype = "float32" }: Options) => {
    const { withTokens } = await import("../models/added-tokens");
    const how = () =>
      `the tokens ${tokens.join(" ")},\nwhose embeddings and rows of the head are the mean of ${meanOf === "all" ? "the others" : "the pieces that their texts were"}.`;
    await writeDerived(folder, source, (files) => withTokens(files, tokens, meanOf), how, dtype);
    say(
      `the model with ${tokens.length} more tokens is in ${folder}, in ${dtype}; train it on text that has them, with every weight or with embed_tokens and lm_head in adapter.modulesToSave`,
    );
  });
