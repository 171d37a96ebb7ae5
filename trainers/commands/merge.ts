import { Command, InvalidArgumentError } from "commander";
import { choice, once, say } from "../../common/command-line";
import { type FolderType, folderTypeNames, shardBytes, shardSize } from "../../spec/export-types";

interface Options {
  dtype?: FolderType;
  maxShardSize?: string;
}

function sizeOf(text: string, previous: string | undefined): string {
  const { data, error } = shardSize.safeParse(once(text, previous));
  if (error) throw new InvalidArgumentError(error.issues[0]!.message);
  return data;
}

export const merge = new Command("merge")
  .description("merge an adapter into its base model, in Hugging Face layout")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument(
    "<adapter>",
    "a run's output folder, or another in PEFT's format; a model whose every weight was trained is written as it is",
  )
  .argument("<folder>", "where the merged model is written")
  .addOption(choice("--dtype <type>", "of the weights; float32 where it is not given", folderTypeNames))
  .option("--max-shard-size <size>", "of one file of weights, as 500MB or 5GB; 50GB where it is not given", sizeOf)
  .action(async (model: string, adapter: string, folder: string, options: Options) => {
    const { dtype = "float32", maxShardSize } = options;
    const [{ tunedFiles }, { writeModel }] = await Promise.all([
      import("../inference/frozen-policy"),
      import("../adapters/merge"),
    ]);
    const size = maxShardSize === undefined ? undefined : shardBytes(maxShardSize);
    writeModel(folder, await tunedFiles(model, adapter), dtype, size);
    say(`the merged model is in ${folder}, in ${dtype}`);
  });
