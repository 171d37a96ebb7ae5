import { Command } from "commander";
import { once, print } from "../../common/command-line";

interface Options {
  base?: string;
  prompt?: string;
}

export const scoreTexts = new Command("score-texts")
  .description("score each document of a file with a reward model, one JSON line each; `corpus` does it to documents")
  .argument("<folder>", "a reward run's output folder, or a reward model that is a model of its own")
  .argument("<texts.jsonl>", "lines of {id, text}")
  .option("--base <model>", "what the run was trained on (the model that its adapter_config.json names)", once)
  .option("--prompt <text>", "a question that each document is read as the answer to (none: plain text)", once)
  .action(async (folder: string, file: string, { base, prompt }: Options) => {
    const { scoreTexts } = await import("../rewards/score-texts");
    for await (const one of scoreTexts(folder, file, { base: base ?? null, prompt: prompt ?? null })) print(one);
  });
