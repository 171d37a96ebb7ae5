// A model made of another one, before it is trained: a folder in Hugging Face layout whose model card says what it was made of.
import { existsSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Refusal } from "../../common/command-line";
import type { FolderType } from "../../spec/export-types";
import type { LoadedFiles } from "../models/formats/loaded-files";

/** `how`: what was changed of the model, a sentence's end. */
export async function writeDerived(
  folder: string,
  source: string,
  derive: (files: LoadedFiles) => LoadedFiles,
  how: (before: LoadedFiles["config"]) => string,
  dtype: FolderType,
): Promise<void> {
  if (existsSync(join(folder, "config.json")))
    throw new Refusal(`${folder} holds a model already; give a folder that does not`);
  const [{ readModel }, { writeModel }] = await Promise.all([import("../models/load"), import("../adapters/merge")]);
  const files = await readModel(source);
  writeModel(folder, derive(files), dtype);
  const card = cardOf(basename(resolve(folder)), source, files.contentHash(), how(files.config));
  writeFileSync(join(folder, "README.md"), card, { flush: true });
}

/** What a stranger needs to know of the folder. */
function cardOf(name: string, source: string, hash: string, how: string): string {
  const [, hubId] = /^hub:([^@]+)/.exec(source) ?? [];
  return `---
library_name: transformers
${hubId ? `base_model: ${hubId}\nbase_model_relation: finetune\n` : ""}tags: [alignment-workbench]
---

# ${name}

Made of ${hubId ? `[${hubId}](https://huggingface.co/${hubId})` : `\`${source}\``} (SHA-256 of config and weights: ${hash}) with Alignment workbench: ${how}
Nothing was trained since: train it on text before it is used.
`;
}
