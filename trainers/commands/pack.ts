import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { Command } from "commander";
import { choice, once, print, Refusal, say } from "../../common/command-line";
import { explain } from "../../common/explain";
import { groupSizes, type Packed, type Packer, packedName, packerNames, packers } from "../../spec/packed";
import type { How } from "../gptqmodel/pack";
import type { PackingRows } from "../gptqmodel/rows";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { writeCard } from "./derived-model";

interface Options {
  by?: Packer;
  bits?: string;
  group?: string;
  calibrate: string;
  out: string;
  adapter?: string;
}

export const pack = new Command("pack")
  .description(
    "a model with its linear layers in 4 or 8 bits by GPTQ or AWQ, calibrated on rows of yours, and measured",
  )
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .addOption(choice("--by <method>", "gptq, or awq, which has 4 bits alone; gptq where it is not given", packerNames))
  .addOption(choice("--bits <bits>", "of a weight; 4 where it is not given", ["4", "8"]))
  .addOption(
    choice(
      "--group <inputs>",
      "how many share a scale; where it is not given the most of these that divide every layer's",
      groupSizes.map(String),
    ),
  )
  .requiredOption("--calibrate <file>", "rows in any known layout, of which 128 calibrate and 32 others measure", once)
  .requiredOption("--out <folder>", "where the packed model is written, in Hugging Face layout", once)
  .option("--adapter <folder>", "a run's output folder, or another in PEFT's format, worked into the model first", once)
  .action(async (source: string, options: Options) => {
    const out = resolve(options.out);
    refuseBits(options);
    refuseFilesIn(out);
    const { by = "gptq", group, calibrate, adapter } = options;
    const [{ readModel }, { tunedFiles }, { groupFor }, { packingRows }, { packInto, wordsOf }] = await Promise.all([
      import("../models/load"),
      import("../inference/frozen-policy"),
      import("../gptqmodel/group"),
      import("../gptqmodel/rows"),
      import("../gptqmodel/pack"),
    ]);
    const files = adapter ? await tunedFiles(source, adapter) : await readModel(source);
    const bits = bitsOf(options);
    const how = { by, bits, group: groupFor(files.config, by, bits, group === undefined ? undefined : Number(group)) };
    const rows = await packingRows(calibrate, files, say);
    const card = (measured: { packed?: Packed }) => ({
      ...{ source: adapter ?? source, hash: files.contentHash(), relation: "quantized" as const, measured },
      how: wordsOf(how, rows.calibrated.length),
    });
    await packInto(out, files, how, rows.calibrated, say);
    writeCard(out, basename(out), card({}));
    const packed = await figures(files, out, how, rows);
    writeCard(out, basename(out), card({ packed }));
    say(tableOf(packed));
    print(packed);
  });

/** What packing did to the model. Where that cannot be told the folder is kept all the same: it took minutes. */
async function figures(files: LoadedFiles, out: string, how: How, rows: PackingRows): Promise<Packed> {
  say("the packed model is read back and measured");
  const { measured } = await import("../gptqmodel/compare");
  try {
    return await measured(files, out, how, rows);
  } catch (cause) {
    throw new Error(`${out} holds the packed model, without figures, since measuring it failed: ${explain(cause)}`, {
      cause,
    });
  }
}

const bitsOf = ({ bits = "4" }: Options) => Number(bits);

function refuseBits(options: Options): void {
  const { by = "gptq" } = options;
  const known: readonly number[] = packers[by];
  if (!known.includes(bitsOf(options)))
    throw new Refusal(`--by ${by} packs in ${known.join(" or ")} bits, not in ${options.bits}; use --by gptq`);
}

function refuseFilesIn(folder: string): void {
  if (existsSync(folder) && !(statSync(folder).isDirectory() && readdirSync(folder).length === 0))
    throw new Refusal(`${folder} is there already; give a folder that is not`);
}

/** A line a model, for a terminal. */
function tableOf(packed: Packed): string {
  const { rows, bytes, perplexity, kl, sameTop } = packed;
  const megabytes = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  const lines = [
    ["", "size", "perplexity", "KL, nats a token", "same next token"],
    ["float32", megabytes(bytes.before), perplexity.before.toFixed(2), "–", "–"],
    [
      packedName(packed),
      megabytes(bytes.after),
      perplexity.after.toFixed(2),
      `${kl.mean.toPrecision(3)} ± ${kl.se.toPrecision(1)}`,
      `${(100 * sameTop).toFixed(1)} %`,
    ],
  ];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const text = lines.map((line) => line.map((cell, i) => cell.padStart(widths[i]!)).join("  "));
  return [...text, `on ${rows.measured} rows that it was not calibrated on; ± one standard error`].join("\n");
}
