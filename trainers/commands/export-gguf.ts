import { basename } from "node:path";
import { Command } from "commander";
import { choice, once, say } from "../../common/command-line";
import { type GgufType, ggufTypeNames } from "../../spec/export-types";

interface Options {
  adapter?: string;
  type?: GgufType;
}

export const exportGguf = new Command("export-gguf")
  .description("export a model as one GGUF file for llama.cpp")
  .argument("<model>", "a model's name, its folder or its .gguf file")
  .argument("<file.gguf>", "the file to write")
  .option("--adapter <folder>", "a run's output folder, or another in PEFT's format, worked into the model", once)
  .addOption(choice("--type <type>", "of the matrices; F16 where it is not given", ggufTypeNames))
  .action(async (model: string, file: string, { adapter, type = "F16" }: Options) => {
    const [{ readModel }, { tunedFiles }, { writeGguf }] = await Promise.all([
      import("../models/load"),
      import("../inference/frozen-policy"),
      import("../models/formats/gguf-write"),
    ]);
    const merged = adapter ? await tunedFiles(model, adapter) : await readModel(model);
    const instead = writeGguf(file, basename(file, ".gguf"), merged, type);
    const narrow =
      instead.length > 0
        ? `; ${instead.length} have rows too narrow for its blocks and are in ${[...new Set(instead)].join(", ")}, as llama.cpp has them`
        : "";
    say(`the model is in ${file}, matrices in ${type}${narrow}`);
  });
