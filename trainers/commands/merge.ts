import { Command } from "commander";
import { choice, say } from "../../common/command-line";
import { type FolderType, folderTypeNames } from "../../spec/export-types";

export const merge = new Command("merge")
  .description("merge an adapter into its base model, in Hugging Face layout")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<adapter>", "a run's output folder, or another in PEFT's format")
  .argument("<folder>", "where the merged model is written")
  .addOption(choice("--dtype <type>", "of the weights; float32 where it is not given", folderTypeNames))
  .action(async (model: string, adapter: string, folder: string, { dtype = "float32" }: { dtype?: FolderType }) => {
    const [{ readModel }, { readAdapter }, { writeMerged }] = await Promise.all([
      import("../models/load"),
      import("../adapters/files"),
      import("../adapters/merge"),
    ]);
    const files = await readModel(model);
    writeMerged(folder, files, readAdapter(adapter, files.config), dtype);
    say(`the merged model is in ${folder}, in ${dtype}`);
  });
