import { Command, InvalidArgumentError } from "commander";
import { choice, once, Refusal, say, share } from "../../common/command-line";
import { type FolderType, folderTypeNames } from "../../spec/export-types";
import type { Amount } from "../pruning/criteria";
import { refuseModelIn, writeDerivedFiles } from "./derived-model";

interface Options {
  by?: "magnitude" | "wanda";
  sparsity?: number;
  pattern?: Amount;
  calibrate?: string;
  adapter?: string;
  dtype?: FolderType;
}

export const prune = new Command("prune")
  .description("a model with a share of its linear layers' weights set to zero, those that matter least")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<folder>", "where the pruned model is written, in Hugging Face layout")
  .addOption(
    choice(
      "--by <criterion>",
      "which matter: by magnitude alone, or times the norm of what they multiply (wanda, where it is not given)",
      ["magnitude", "wanda"],
    ),
  )
  .option("--sparsity <share>", "of the weights that go, as 0.5", share)
  .option("--pattern <n:m>", "instead: N of each M weights beside each other are kept, as 2:4", patternOf)
  .option("--calibrate <file>", "for wanda: rows in any known layout, of which 128 are read", once)
  .option("--adapter <folder>", "a run's output folder, or another in PEFT's format, worked into the model first", once)
  .addOption(choice("--dtype <type>", "of the weights; float32 where it is not given", folderTypeNames))
  .action(async (source: string, folder: string, options: Options) => {
    const { by = "wanda", calibrate, adapter, dtype = "float32" } = options;
    const amount = amountOf(options);
    if (by === "wanda" && !calibrate)
      throw new Refusal("--by wanda needs text to calibrate on: name a file of rows with --calibrate");
    if (by === "magnitude" && calibrate) throw new Refusal("--by magnitude reads no text; leave --calibrate out");
    refuseModelIn(folder);
    const [{ readModel }, { tunedFiles }, { calibrationRows }, criteria, { pruningMasks, sparsityOf, withMasks }] =
      await Promise.all([
        import("../models/load"),
        import("../inference/frozen-policy"),
        import("../pruning/calibration"),
        import("../pruning/criteria"),
        import("../pruning/prune"),
      ]);
    const files = adapter ? await tunedFiles(source, adapter) : await readModel(source);
    const rows = calibrate ? await calibrationRows(calibrate, files, say) : [];
    const masks = pruningMasks(files, rows, criteria[by], amount, say);
    const sparsity = sparsityOf(masks);
    await writeDerivedFiles(folder, withMasks(files, masks), dtype, {
      source: adapter ?? source,
      hash: files.contentHash(),
      how: howOf(options, sparsity, rows.length),
      measured: { sparsity },
    });
    say(`the pruned model is in ${folder}, in ${dtype}: ${percent(sparsity)} of its layers' weights are 0`);
  });

function patternOf(text: string, previous: Amount | undefined): Amount {
  if (previous) throw new InvalidArgumentError("It is given twice.");
  const [, keep, of] = (/^(\d{1,3}):(\d{1,3})$/.exec(text) ?? []).map(Number);
  if (!keep || !of || keep >= of)
    throw new InvalidArgumentError("It must be two whole numbers, the first the smaller one, as 2:4.");
  return { keep, of };
}

function amountOf({ sparsity, pattern }: Options): Amount {
  if ((sparsity === undefined) === (pattern === undefined))
    throw new Refusal("how much goes is --sparsity or --pattern, one of the two");
  return pattern ?? { sparsity: sparsity! };
}

const percent = (share: number) => `${Math.round(1000 * share) / 10} %`;

function howOf({ by = "wanda", pattern }: Options, sparsity: number, rows: number): string {
  const groups = pattern && "of" in pattern ? `, ${pattern.keep} of each ${pattern.of} weights kept` : "";
  const criterion =
    by === "wanda" ? `Wanda (Sun et al. 2024, arXiv 2306.11695, equation 1) on ${rows} rows of text` : "magnitude";
  return `${percent(sparsity)} of the weights of its linear layers\nset to 0 by ${criterion}${groups}.`;
}
