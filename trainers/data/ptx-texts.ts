// The texts that PPO-ptx learns beside its completions, read as SFT reads its rows.
import type { RunConfig } from "../../spec/config";
import { FieldError } from "../../spec/field-error";
import { namedTexts } from "../../spec/methods/sampling-of";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Dataset } from "./dataset";
import { answeredRows } from "./method-rows";
import type { Tokens } from "./tokenize";

/** Of rows with a prompt the answers. None where the run learns no texts. */
export async function ptxTexts(
  config: RunConfig,
  tokenizer: ChatTokenizer,
): Promise<Pick<Dataset<Tokens>, "train" | "notes">> {
  const named = namedTexts(config);
  if (!named) return { train: [], notes: [] };
  const data = {
    ...config.data,
    train: named.source,
    tokens: null,
    eval: null,
    heldOut: 0,
    splitColumn: null,
    maxRows: null,
  };
  try {
    return await answeredRows({ ...config, data, evalEvery: null }, tokenizer);
  } catch (cause) {
    if (!(cause instanceof FieldError) || cause.path !== "data.train") throw cause;
    throw new FieldError(named.field, cause.message, { cause });
  }
}
