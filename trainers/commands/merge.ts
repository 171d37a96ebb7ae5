import { Command } from "commander";
import { say } from "../../common/command-line";

export const merge = new Command("merge")
  .description("merge an adapter into its base model, in Hugging Face layout")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<adapter>", "a run's output folder, or another in PEFT's format")
  .argument("<folder>", "where the merged model is written")
  .action(async (model: string, adapter: string, folder: string) => {
    const [{ readModel }, { readAdapter }, { writeMerged }] = await Promise.all([
      import("../models/load"),
      import("../adapters/files"),
      import("../adapters/merge"),
    ]);
    const files = await readModel(model);
    writeMerged(folder, files, readAdapter(adapter, files.config));
    say(`the merged model is in ${folder}`);
  });
