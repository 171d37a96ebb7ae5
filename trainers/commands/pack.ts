import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { choice, once, print, Refusal, say } from "../../common/command-line";
import { groupSizes, type Packed, type Packer, packedName, packerNames, packers } from "../../spec/packed";
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
    mkdirSync(dirname(out), { recursive: true });
    const scratch = mkdtempSync(join(dirname(out), ".packing-")); // where there has to be room anyway
    try {
      const { folder, packed } = await packedIn(scratch, source, options);
      renameSync(folder, out);
      say(tableOf(packed));
      print(packed);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

/** The packed model, with its card. */
async function packedIn(
  scratch: string,
  source: string,
  options: Options,
): Promise<{ folder: string; packed: Packed }> {
  const { by = "gptq", group, calibrate, out, adapter } = options;
  const [{ readModel }, { tunedFiles }, { groupFor }, { packingRows }, { packIn, wordsOf }, { measured }] =
    await Promise.all([
      import("../models/load"),
      import("../inference/frozen-policy"),
      import("../gptqmodel/group"),
      import("../gptqmodel/rows"),
      import("../gptqmodel/pack"),
      import("../gptqmodel/compare"),
    ]);
  const files = adapter ? await tunedFiles(source, adapter) : await readModel(source);
  const bits = bitsOf(options);
  const how = { by, bits, group: groupFor(files.config, by, bits, group === undefined ? undefined : Number(group)) };
  const rows = await packingRows(calibrate, files, say);
  const folder = await packIn(scratch, files, how, rows.calibrated, say);
  say("the packed model is read back and measured");
  const packed = await measured(files, folder, how, rows);
  writeCard(folder, basename(resolve(out)), {
    ...{ source: adapter ?? source, hash: files.contentHash(), relation: "quantized" },
    ...{ how: wordsOf(packed), measured: { packed } },
  });
  return { folder, packed };
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
