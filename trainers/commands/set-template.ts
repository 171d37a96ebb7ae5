import { statSync } from "node:fs";
import { Command } from "commander";
import { choice, say } from "../../common/command-line";
import { modelPath } from "../../common/model-paths";
import { type FolderType, folderTypeNames, folderTypes } from "../../spec/export-types";
import { writeDerived } from "./derived-model";
import { namedTemplate, templateHelp } from "./named-template";

interface Options {
  template: string;
  dtype?: FolderType;
}

export const setTemplate = new Command("set-template")
  .description("a model with a chat template that it did not have, to be trained on conversations next")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<folder>", "where the model is written, in Hugging Face layout")
  .requiredOption("--template <name or file>", templateHelp)
  .addOption(
    choice(
      "--dtype <type>",
      "of the weights; where it is not given, that of the model's folder, else float32",
      folderTypeNames,
    ),
  )
  .action(async (source: string, folder: string, { template, dtype: asked }: Options) => {
    const { withTemplate } = await import("../models/set-template");
    const dtype = asked ?? (await ownType(source));
    const text = namedTemplate(template);
    const how = () => `the chat template "${template}".`;
    await writeDerived(folder, source, (files) => withTemplate(files, text), how, dtype);
    say(`the model with this chat template is in ${folder}, in ${dtype}; runs, chats and exports of it use it`);
  });

/** What a folder has its weights in, where that is one type that is written; else float32. */
async function ownType(source: string): Promise<FolderType> {
  const path = modelPath(source);
  if (!statSync(path).isDirectory()) return "float32";
  const { weightTypes } = await import("../models/formats/weight-files");
  const types = weightTypes(path);
  return folderTypeNames.find((name) => types.length === 1 && types[0] === folderTypes[name]) ?? "float32";
}
