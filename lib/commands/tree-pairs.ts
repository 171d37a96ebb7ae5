import { Command } from "commander";
import { print, Refusal, say } from "../../common/command-line";

export const treePairs = new Command("tree-pairs")
  .description(
    "search a tree of steps for each prompt, and make a dataset of pairs of steps that it tells apart: MCTS-DPO",
  )
  .argument("<tree.json>", "model, adapter, how to search and what judges solutions, see docs/methods.md")
  .argument("<prompts>", "a file of prompts, snapshot:ID or labelled:ID")
  .argument("<dataset>", "the name of the labelled dataset that is made")
  .action(async (file: string, prompts: string, name: string) => {
    const [
      { searchedTrees },
      { trainersLines },
      { dataFile, withVersion },
      { datasetsOf },
      { isLabelledName },
      { addMadePairs },
    ] = await Promise.all([
      import("../../spec/reports"),
      import("./trainers"),
      import("../datasets/data-files"),
      import("../datasets/named"),
      import("../datasets/labelled/labelled-sets"),
      import("./made-pairs"),
    ]);
    if (isLabelledName(name))
      throw new Refusal(`there is a labelled dataset ${name} already; give this one another name`);
    const source = await withVersion(prompts);
    const [asked, [of = null]] = [dataFile(source), datasetsOf(source)];
    const pairs: object[] = [];
    let [left, tokens] = [0, 0];
    for await (const line of trainersLines(["search-trees", file, asked])) {
      const batch = searchedTrees.parse(line);
      pairs.push(...batch.pairs);
      left += batch.left;
      tokens += batch.tokens;
      say(`${batch.done} of ${batch.total} prompts, ${pairs.length} pairs of ${tokens} sampled tokens`);
    }
    if (pairs.length === 0)
      throw new Refusal("no steps differ enough: search longer, sample more children, or lower minDifference");
    const id = await addMadePairs(name, pairs, of);
    print({ dataset: name, id, pairs: pairs.length, left, tokens });
  });
