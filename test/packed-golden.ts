// The tiny Llama of data/golden/make-packed.py, as it was and as GPTQModel has packed it, in folders with a tokenizer.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Packer } from "../spec/packed";
import { type Edits, editedFolder } from "../trainers/models/edited-folder";
import { writeFamilyFolder } from "./family-models";
import { scratch } from "./program";

const golden = "data/golden/packed";
const tokenizer = "data/golden/trajectories/model";

/** Before it was packed. */
export function unpackedFolder(): string {
  const folder = join(scratch(), "model");
  const { quantization_config: _, ...config } = JSON.parse(readFileSync(`${golden}/gptq/config.json`, "utf8"));
  writeFamilyFolder(folder, config);
  return folder;
}

export const packedFolder = (by: Packer, edits: Edits = {}): string =>
  editedFolder(`${golden}/${by}`, {
    ...Object.fromEntries(
      ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"].map((name) => [
        name,
        readFileSync(join(tokenizer, name), "utf8"),
      ]),
    ),
    ...edits,
  });
