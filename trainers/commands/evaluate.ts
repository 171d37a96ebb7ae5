import { Command, InvalidArgumentError } from "commander";
import { choice, once, print, say, wholeNumber } from "../../common/command-line";
import { evaluationOptions, ownTasks } from "../../spec/evaluations";
import type { Quantisation } from "../../spec/fields/model";
import { type HeldOptions, heldBase, takesHeldBase } from "./held-base";

interface Options extends HeldOptions<Quantisation> {
  tasks: string;
  adapter?: string;
  folder?: string;
  limit?: number;
  fewShot?: number;
  prompts?: "chat" | "plain";
  dtype?: "float32" | "bfloat16";
}

export const evaluate = takesHeldBase(new Command("evaluate"))
  .description("ask a model tasks of lm-eval, through this program's own server; prints the metrics as JSON")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .requiredOption(
    "--tasks <names>",
    `with commas between: ${Object.keys(ownTasks).join(", ")}, or lm-eval's own, whose rows it fetches from the Hub`,
    once,
  )
  .option("--adapter <folder>", "an adapter on the model", once)
  .option("--folder <folder>", "task files of your own, as lm-eval reads them; they may run code", once)
  .option("--limit <rows>", "of each task (all)", wholeNumber)
  .option("--few-shot <number>", "worked examples before each question (as the task says)", count)
  .addOption(choice("--prompts <form>", "in the model's chat template, or as plain text (chat)", ["chat", "plain"]))
  .addOption(choice("--dtype <type>", "how the base's weights are held (float32)", ["float32", "bfloat16"]))
  .action(
    async (
      source: string,
      { tasks, adapter, dtype = "float32", quantisation, unquantised, prompts = "chat", ...rest }: Options,
    ) => {
      const options = evaluationOptions.parse({ ...rest, chatTemplate: prompts === "chat", tasks: tasks.split(",") });
      const { evaluateTasks } = await import("../evaluation/lm-eval/run-tasks");
      const model = { source, dtype, ...heldBase({ quantisation, unquantised }) };
      print(await evaluateTasks(model, adapter ?? null, options, say));
    },
  );

function count(text: string, previous: number | undefined): number {
  once(text, previous?.toString());
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 0 to 64.");
  return Number(text);
}
