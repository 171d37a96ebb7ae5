import { Command, Option } from "commander";
import { once, print, Refusal, say } from "../../common/command-line";
import { ggufTypeNames } from "../../spec/export-types";
import type { MeasuredType } from "../run/quantised";

interface Options {
  adapter?: string;
  types?: MeasuredType[];
  packed: string[];
}

const usual: MeasuredType[] = ["F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q4_0"];

export const measureQuantised = new Command("measure-quantised")
  .description(
    "what quantisation to GGUF's types, GPTQ and AWQ does to a run's model: KL, perplexity, reward and win rate against the unrounded one",
  )
  .argument("<run.json>", "the run file, see docs/run-file.md")
  .option("--adapter <folder>", "in PEFT's format; the run's output where it is not given", once)
  .option(
    "--types <names>",
    `of a GGUF file, or int8 as serve has it, with commas between; ${usual.join(",")} where it is not given`,
    typesOf,
  )
  .addOption(
    new Option("--packed <folder>", "a folder that workbench pack wrote of the run; may be repeated")
      .argParser((folder: string, previous: string[]) => [...previous, folder])
      .default([]),
  )
  .action(async (file: string, { adapter, types = usual, packed }: Options) => {
    const { readRunConfig } = await import("../../common/config-file");
    const config = readRunConfig(file);
    const { measureQuantised } = await import("../run/quantised");
    print(await measureQuantised(config, adapter ?? config.output, types, packed, say));
  });

function typesOf(text: string): MeasuredType[] {
  const names = text.split(",");
  const known: string[] = [...ggufTypeNames, "int8"];
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new Refusal(`there is no type ${wrong}; there are ${known.join(", ")}`);
  return names as MeasuredType[];
}
