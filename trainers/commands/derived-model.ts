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
  refuseModelIn(folder);
  const { readModel } = await import("../models/load");
  const files = await readModel(source);
  await writeDerivedFiles(folder, derive(files), dtype, { source, hash: files.contentHash(), how: how(files.config) });
}

export function refuseModelIn(folder: string): void {
  if (existsSync(join(folder, "config.json")))
    throw new Refusal(`${folder} holds a model already; give a folder that does not`);
}

/** What a model was made of, and how; `measured` stands in its card's header too. */
interface Origin {
  source: string;
  /** SHA-256 of the source's config and weights. */
  hash: string;
  how: string;
  measured?: object;
  /** What the Hub calls such a model: a fine-tune where it is not given, which is to be trained on text next. */
  relation?: "quantized";
}

export async function writeDerivedFiles(
  folder: string,
  files: LoadedFiles,
  dtype: FolderType,
  origin: Origin,
): Promise<void> {
  const { writeModel } = await import("../adapters/merge");
  writeModel(folder, files, dtype);
  writeCard(folder, basename(resolve(folder)), origin);
}

export function writeCard(folder: string, name: string, origin: Origin): void {
  writeFileSync(join(folder, "README.md"), cardOf(name, origin), { flush: true });
}

/** What a stranger needs to know of the folder. The page Models reads `made_of` and what was measured. */
function cardOf(name: string, { source, hash, how, measured = {}, relation }: Origin): string {
  const [, hubId] = /^hub:([^@]+)/.exec(source) ?? [];
  const from = existsSync(source) ? resolve(source) : source;
  const header = { made_of: from, ...measured };
  return `---
library_name: transformers
${hubId ? `base_model: ${hubId}\nbase_model_relation: ${relation ?? "finetune"}\n` : ""}tags: [alignment-workbench]
${Object.entries(header)
  .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  .join("\n")}
---

# ${name}

Made of ${hubId ? `[${hubId}](https://huggingface.co/${hubId})` : `\`${source}\``} (SHA-256 of config and weights: ${hash}) with Alignment workbench: ${how}
Nothing was trained since${relation ? "" : ": train it on text before it is used"}.
`;
}
