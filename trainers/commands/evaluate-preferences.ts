import { basename } from "node:path";
import { Command } from "commander";
import { choice, once, print, Refusal, say, share, wholeNumber } from "../../common/command-line";
import { heldInFull } from "../../spec/fields/model";

interface Options {
  reward?: string;
  policy?: string;
  reference?: string;
  name?: string;
  category?: string;
  heldOut?: number;
  limit?: number;
  dtype?: "float32" | "bfloat16";
}

export const evaluatePreferences = new Command("evaluate-preferences")
  .description(
    "how often a reward model or a policy agrees with the pairs or rankings of a file, by category; one JSON object",
  )
  .argument("<model>", "what it was trained on: a model's name, its folder or its .gguf file")
  .argument("<rows>", "a file of pairs or rankings, in any known layout; RewardBench's too")
  .option("--reward <folder>", "a reward model", once)
  .option("--policy <folder>", "a policy, which scores by its implicit reward, log π − log π_ref", once)
  .option("--reference <folder>", "π_ref (the model without the policy's adapter)", once)
  .option("--category <column>", "what tells the category of a row (subset)", once)
  .option("--held-out <share>", "only prompts that a run with this data.heldOut holds out", share)
  .option("--limit <rows>", "of rows (all)", wholeNumber)
  .option("--name <name>", "what the result is called (the file's name)", once)
  .addOption(choice("--dtype <type>", "how the base's weights are held (float32)", ["float32", "bfloat16"]))
  .action(async (source: string, rows: string, options: Options) => {
    const { reward, policy, reference, dtype = "float32", ...wanted } = options;
    if ((reward === undefined) === (policy === undefined)) throw new Refusal("give a --reward or a --policy");
    const [{ evaluatePreferences }, { implicitScorer, rewardScorer }] = await Promise.all([
      import("../evaluation/preferences/evaluate-preferences"),
      import("../evaluation/preferences/scorers"),
    ]);
    const began = Date.now();
    const model = { source, dtype, ...heldInFull };
    const scorer = reward ? await rewardScorer(model, reward) : await implicitScorer(model, policy!, reference ?? null);
    const { name = basename(rows), category = "subset", heldOut = 0, limit = null } = wanted;
    const task = await evaluatePreferences(scorer, { name, rows, category, heldOut, limit }, say);
    print({ harness: "workbench", seconds: (Date.now() - began) / 1000, tasks: [task] });
  });
