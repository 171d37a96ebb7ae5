// The YAML header of a dataset's README.md on the Hub: which files belong to which configuration and split.
import { z } from "zod";
import { yamlHeader } from "../yaml-header";

const patterns = z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat());
const dataFiles = z.union([
  z.array(z.object({ split: z.string(), path: patterns })),
  patterns.transform((path) => [{ split: "train", path }]),
]);
const header = z.looseObject({
  license: patterns.optional(),
  language: patterns.optional(),
  pretty_name: z.string().optional(),
  configs: z
    .array(
      z.looseObject({
        config_name: z.string(),
        data_files: dataFiles.optional(),
        default: z.boolean().optional(),
        data_dir: z.string().optional(),
      }),
    )
    .default([]),
});

export interface DatasetCard {
  license: string[];
  languages: string[];
  configs: { name: string; isDefault: boolean; files: { split: string; patterns: string[] }[] }[];
}

/** Null where a README has no header. Throws a sentence where it has one that is no YAML, or no card. */
export function datasetCard(readme: string): DatasetCard | null {
  const yaml = headerOf(readme);
  if (yaml === null) return null;
  const read = header.safeParse(yaml);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Error(`the dataset card's ${issue!.path.join(".")} is not as cards have it: ${issue!.message}`);
  }
  const { license = [], language = [], configs } = read.data;
  return {
    license,
    languages: language,
    configs: configs.map(({ config_name: name, data_files = [], default: given, data_dir: folder }) => ({
      name,
      isDefault: given ?? name === "default",
      files: data_files.map(({ split, path }) => ({
        split,
        patterns: path.map((one) => (folder ? `${folder}/${one}` : one)),
      })),
    })),
  };
}

function headerOf(readme: string): unknown {
  try {
    return yamlHeader(readme);
  } catch (error) {
    throw new Error(`the dataset card's header is no YAML: ${(error as Error).message.split("\n")[0]}`, {
      cause: error,
    });
  }
}

/** `*` stands for anything but a slash, `**` for anything. */
function globOf(pattern: string): RegExp {
  const pieces = pattern.split(/(\*\*\/?|\*|\?)/).map((piece) => {
    if (piece.startsWith("**")) return ".*";
    if (piece === "*") return "[^/]*";
    return piece === "?" ? "[^/]" : piece.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  });
  return new RegExp(`^${pieces.join("")}$`);
}

const usualSplits = ["train", "test", "valid", "validation", "dev", "eval"];

/** The files of a configuration and split among these, in their order. Without a card that says so, by the names of the files. */
export function filesOfSplit(
  card: DatasetCard | null,
  paths: string[],
  config: string | null,
  split: string,
): string[] {
  const chosen =
    card?.configs.find(({ name, isDefault }) => (config === null ? isDefault : name === config)) ??
    (config === null ? card?.configs[0] : undefined);
  if (config !== null && !chosen && card && card.configs.length > 0)
    throw new Error(
      `there is no configuration ${config}; there are ${card.configs.map(({ name }) => name).join(", ")}`,
    );
  if (chosen && chosen.files.length > 0) {
    const found = chosen.files.find((one) => one.split === split);
    if (!found)
      throw new Error(`there is no split ${split}; there are ${chosen.files.map((one) => one.split).join(", ")}`);
    return paths.filter((path) => found.patterns.some((pattern) => globOf(pattern).test(path)));
  }
  const within = config === null ? paths : paths.filter((path) => path.split("/").includes(config));
  const wordsOf = (path: string) => path.split(/[/_.-]/);
  const named = within.filter((path) => wordsOf(path).includes(split));
  const isSplit = (path: string) => wordsOf(path).some((word) => usualSplits.includes(word));
  return named.length > 0 ? named : split === "train" && !within.some(isSplit) ? within : [];
}
