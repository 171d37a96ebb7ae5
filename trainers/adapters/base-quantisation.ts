// Over which quantised base an adapter was trained, beside it in its folder as Transformers' BitsAndBytesConfig has it. PEFT's own file does not
// say, and over other weights the adapter answers otherwise.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  type FourBitType,
  type HeldBase,
  heldInFull,
  heldWords,
  isHeldAlike,
  learntOver,
  outputHeads,
  withoutHeads,
} from "../../spec/fields/model";
import { parsedFields, readJson } from "../models/fields";

const configFile = "quantization_config.json";
const fields = z.object({
  load_in_4bit: z.literal(true),
  bnb_4bit_quant_type: z.enum(["nf4", "fp4"]),
  bnb_4bit_use_double_quant: z.boolean(),
  llm_int8_skip_modules: z.array(z.string()).nullish(),
});

/** Writes nothing where the base was not rounded. */
export function writeBaseQuantisation(folder: string, held: HeldBase): void {
  const { quantisation, unquantised } = learntOver(held);
  if (quantisation === null) return;
  const [type, double] = quantisation.split("-");
  const config = {
    quant_method: "bitsandbytes",
    load_in_4bit: true,
    bnb_4bit_quant_type: type,
    bnb_4bit_use_double_quant: double !== undefined,
    ...(unquantised.length > 0 && { llm_int8_skip_modules: [...new Set([...unquantised, ...outputHeads])] }),
  };
  writeFileSync(join(folder, configFile), `${JSON.stringify(config, null, 2)}\n`, { flush: true });
}

/** In full where the folder does not say, as PEFT's do not. */
export function readBaseQuantisation(folder: string): HeldBase<FourBitType> {
  const path = join(folder, configFile);
  if (!existsSync(path)) return heldInFull;
  const found = parsedFields(fields, readJson(path), path);
  const { bnb_4bit_quant_type: type, bnb_4bit_use_double_quant: double, llm_int8_skip_modules: skipped } = found;
  return {
    quantisation: double ? `${type}-double` : type,
    unquantised: withoutHeads(skipped ?? []),
  };
}

/** The one that all of `folders` were trained over. */
export function sharedQuantisation(folders: string[]): HeldBase<FourBitType> {
  const found = folders.map((folder) => ({ folder, held: readBaseQuantisation(folder) }));
  const [first] = found;
  const other = found.find(({ held }) => !isHeldAlike(held, first!.held));
  const words = ({ folder, held }: (typeof found)[number]) =>
    `${folder} was trained over ${held.quantisation ? `a base in ${heldWords(held)}` : "a base that is not quantised"}`;
  if (other)
    throw new Error(`${words(first!)} and ${words(other)}: they cannot answer over one base; ask them one at a time`);
  return first?.held ?? heldInFull;
}
