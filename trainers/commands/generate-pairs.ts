import { Command } from "commander";
import { print } from "../../common/command-line";
import type { WrittenPairs } from "../../spec/reports";

export const generatePairs = new Command("generate-pairs")
  .description(
    "sample responses per prompt, two or more unless they are judged singly, one JSON line per batch; `pairs` puts them into a queue",
  )
  .argument("<gen.json>", "model, adapters, prompts and how to sample, see docs/run-file.md")
  .option(
    "--single",
    "answers are judged one at a time: one is sampled unless the file asks for more, and prompts with a single whole answer are kept",
  )
  .action(async (file: string, { single }: { single?: boolean }) => {
    const { readGenerateConfig } = await import("../../common/config-file");
    const config = readGenerateConfig(file);
    const { writtenPairs } = await import("../generate/written-pairs");
    const least = single ? 1 : 2;
    await writtenPairs(config, least, (pairs, done, total) => print({ pairs, done, total } satisfies WrittenPairs));
  });
