// Over which quantised base an adapter was trained, beside it in its folder as Transformers' BitsAndBytesConfig has it. PEFT's own file does not
// say, and over other weights the adapter answers otherwise.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Quantisation } from "../../spec/fields/model";
import { parsedFields, readJson } from "../models/fields";

const configFile = "quantization_config.json";
const fields = z.object({
  load_in_4bit: z.literal(true),
  bnb_4bit_quant_type: z.enum(["nf4", "fp4"]),
  bnb_4bit_use_double_quant: z.boolean(),
});

/** Writes nothing where the base was not quantised. */
export function writeBaseQuantisation(folder: string, quantisation: Quantisation | null): void {
  if (quantisation === null) return;
  const [type, double] = quantisation.split("-");
  const config = {
    quant_method: "bitsandbytes",
    load_in_4bit: true,
    bnb_4bit_quant_type: type,
    bnb_4bit_use_double_quant: double !== undefined,
  };
  writeFileSync(join(folder, configFile), `${JSON.stringify(config, null, 2)}\n`, { flush: true });
}

/** Null where the folder does not say, as PEFT's do not. */
export function readBaseQuantisation(folder: string): Quantisation | null {
  const path = join(folder, configFile);
  if (!existsSync(path)) return null;
  const { bnb_4bit_quant_type: type, bnb_4bit_use_double_quant: double } = parsedFields(fields, readJson(path), path);
  return double ? `${type}-double` : type;
}

/** The one that all of `folders` were trained over. */
export function sharedQuantisation(folders: string[]): Quantisation | null {
  const found = folders.map((folder) => ({ folder, quantisation: readBaseQuantisation(folder) }));
  const [first] = found;
  const other = found.find(({ quantisation }) => quantisation !== first!.quantisation);
  const words = ({ folder, quantisation }: (typeof found)[number]) =>
    `${folder} was trained over ${quantisation ? `a base in ${quantisation}` : "a base that is not quantised"}`;
  if (other)
    throw new Error(`${words(first!)} and ${words(other)}: they cannot answer over one base; ask them one at a time`);
  return first?.quantisation ?? null;
}
