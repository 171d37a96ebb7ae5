import { Argument, Command } from "commander";
import { once, print, Refusal, say } from "../../common/command-line";
import { AppError } from "../../spec/errors";

export const model = new Command("model")
  .description("add a model to those that the pages and forms list")
  .addArgument(new Argument("<action>", "what to do").choices(["add"]))
  .argument("<model>", "hub:owner/name[@revision], which is fetched, a folder or a .gguf file")
  .option("--name <name>", "what it is called here; its id or path where none is given", once)
  .action(async (_: "add", source: string, { name }: { name?: string }) => {
    const { addModel } = await import("../models/add-model");
    try {
      let said = "";
      const says = (line: string) => {
        if (line !== said) say(line);
        said = line;
      };
      print(await addModel(source, name ?? null, Date.now(), { says }));
    } catch (error) {
      throw error instanceof AppError ? new Refusal(error.message, { cause: error }) : error;
    }
  });
