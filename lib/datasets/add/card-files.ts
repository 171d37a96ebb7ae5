// A folder with a dataset card, as a clone of a dataset of the Hub is: its files are those of one configuration and split.
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { datasetCard, filesOfSplit } from "../../../common/rows/dataset-card";
import { FieldError } from "../../../spec/field-error";

/** Null: the card's default configuration, and the split train. */
export interface Split {
  config: string | null;
  split: string | null;
}

export const usualSplit: Split = { config: null, split: null };

/** What the cards of folders name, each once: configurations with their splits, the default ones first. */
export function splitsOfCards(folders: string[]): { config: string; split: string }[] {
  const named = folders.flatMap((folder) => {
    const readme = join(folder, "README.md");
    const card = existsSync(readme) ? at(readme, () => datasetCard(readFileSync(readme, "utf8"))) : null;
    return (card?.configs ?? [])
      .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
      .flatMap(({ name, files }) => files.map(({ split }) => ({ config: name, split })));
  });
  return [...new Map(named.map((one) => [JSON.stringify(one), one])).values()];
}

/** Of these files those that the cards of their folders name; of a folder whose card names no files all of them. */
export function filesOfCards(files: string[], folders: string[], { config, split }: Split): string[] {
  const left = new Set(files);
  for (const folder of folders) {
    const readme = join(folder, "README.md");
    const card = existsSync(readme) ? at(readme, () => datasetCard(readFileSync(readme, "utf8"))) : null;
    const namesFiles = card?.configs.some((one) => one.files.length > 0) === true;
    if (!namesFiles && config === null && split === null) continue;
    const within = files.filter((file) => !relative(folder, file).startsWith(".."));
    const paths = within.map((file) => relative(folder, file));
    const chosen = new Set(at(readme, () => filesOfSplit(card, paths, config, split ?? "train")));
    for (const [i, file] of within.entries()) if (!chosen.has(paths[i]!)) left.delete(file);
  }
  if (left.size > 0) return files.filter((file) => left.has(file));
  throw new FieldError(
    "split",
    `no file of rows is of the split ${split ?? "train"}: ${files.slice(0, 12).join(", ")}`,
  );
}

function at<T>(readme: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new FieldError("split", `${readme}: ${(cause as Error).message}`, { cause });
  }
}
