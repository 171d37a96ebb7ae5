import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { choice, once, Refusal, say, share, wholeNumber } from "../../common/command-line";
import { type CombinationMethod, combinationMethods } from "../../spec/combinations";

interface Options {
  weights?: number[];
  method?: CombinationMethod;
  density?: number;
  seed?: number;
}

function numbersOf(text: string, previous: number[] | undefined): number[] {
  const numbers = once(text, previous?.join()).split(",").map(Number);
  if (numbers.some((number) => !Number.isFinite(number) || number === 0))
    throw new InvalidArgumentError("It must be numbers other than 0, with commas between them, as 0.7,0.3.");
  return numbers;
}

export const combineAdapters = new Command("combine-adapters")
  .description("several LoRA adapters of one base into one, weighted, as PEFT's add_weighted_adapter does it")
  .argument("<model>", "their base: a model's name, its folder or its .gguf file")
  .argument("<folder>", "where the combined adapter is written, in PEFT's format")
  .argument("<adapters...>", "runs' output folders, or others in PEFT's format")
  .option("--weights <numbers>", "of the adapters, as 0.7,0.3; equal shares of 1 where they are not given", numbersOf)
  .addOption(
    choice("--method <name>", "linear where it is not given; cat is exact, of a higher rank", combinationMethods),
  )
  .option("--density <share>", "of the numbers that ties, dare_ and magnitude_prune leave; 0.5", share)
  .option("--seed <number>", "of what dare_ leaves out; 1", wholeNumber)
  .action(async (model: string, folder: string, folders: string[], options: Options) => {
    const { weights = folders.map(() => 1 / folders.length), method = "linear", density = 0.5, seed = 1 } = options;
    if (folders.length < 2) throw new Refusal("one adapter alone cannot be combined; name two or more");
    if (weights.length !== folders.length)
      throw new Refusal(`--weights has ${weights.length} of ${folders.length} numbers; give one for each adapter`);
    if (existsSync(join(folder, "adapter_config.json")))
      throw new Refusal(`${folder} holds an adapter already; give a folder that does not`);
    const [{ readModel }, { readAdapter, writeAdapter }, { sharedQuantisation, writeBaseQuantisation }] =
      await Promise.all([
        import("../models/load"),
        import("../adapters/files"),
        import("../adapters/base-quantisation"),
      ]);
    const [{ combineLora }, { lora }] = await Promise.all([
      import("../adapters/lora/combine"),
      import("../adapters/lora/lora"),
    ]);
    const { config } = await readModel(model);
    const held = sharedQuantisation(folders);
    const parts = folders.map((one, i) => ({ adapter: readAdapter(one, config), weight: weights[i]! }));
    const tunerOf = (json: Record<string, unknown>) => lora.fromFile(json, folder, config);
    writeAdapter(folder, combineLora(parts, { method, density, seed }, tunerOf), model);
    writeBaseQuantisation(folder, held);
    say(`the combined adapter is in ${folder}`);
  });
