import { Command } from "commander";
import { print } from "../../common/command-line";

export const searchTrees = new Command("search-trees")
  .description(
    "search trees of steps for pairs, one JSON line per batch of prompts; `tree-pairs` makes a dataset of it",
  )
  .argument("<tree.json>", "model, adapter, how to search and what judges solutions, see docs/methods.md")
  .argument("<prompts>", "a file of prompts")
  .action(async (file: string, prompts: string) => {
    const { readTreePairsConfig } = await import("../../common/config-file");
    const config = readTreePairsConfig(file);
    const { treePairs } = await import("../generate/tree-pairs");
    await treePairs(config, prompts, print);
  });
