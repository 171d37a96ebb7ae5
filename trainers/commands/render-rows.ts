import { Command } from "commander";
import { print, Refusal, wholeNumber } from "../../common/command-line";
import type { RenderedRows } from "../../spec/reports";
import { namedTemplate, templateHelp } from "./named-template";

interface Options {
  template?: string;
  count?: number;
}

export const renderRows = new Command("render-rows")
  .description(
    "the first rows of a file token by token, as a model learns from them, with its chat template or another one",
  )
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<file>", "rows in any known layout")
  .option("--template <name or file>", `${templateHelp}; the model's own where none is given`)
  .option("--count <n>", "rows; 5 where it is not given", wholeNumber)
  .action(async (source: string, file: string, { template, count = 5 }: Options) => {
    const text = template === undefined ? null : namedTemplate(template);
    const { renderedRows } = await import("../data/rendered-rows");
    try {
      print((await renderedRows(source, text, file, count)) satisfies RenderedRows);
    } catch (error) {
      throw new Refusal(error instanceof Error ? error.message : String(error), { cause: error });
    }
  });
