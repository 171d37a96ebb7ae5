// A tokenizer by itself, as `workbench train-tokenizer` writes it, or that of a model.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../common/command-line";
import type { ModelConfig } from "../models/config";
import { readModel } from "../models/load";
import { nextId, tokenIds, tokenizerJson } from "../models/token-ids";
import { readTokenizer } from "../models/tokenizer";
import { readTokenizerFiles } from "../models/tokenizer-config";

export interface FoundTokenizer {
  /** How many ids there are. */
  vocabulary: number;
  encode: (text: string) => number[];
  /** Null of a tokenizer by itself. */
  config: ModelConfig | null;
}

/** Throws a sentence where there is none. */
export async function tokenizerAt(source: string): Promise<FoundTokenizer> {
  try {
    if (existsSync(join(source, "tokenizer.json")) && !existsSync(join(source, "config.json")))
      return {
        vocabulary: countOf(readTokenizerFiles(source).json),
        encode: readTokenizer(source).encode,
        config: null,
      };
    const { config, tokenizer, companions } = await readModel(source);
    return { vocabulary: countOf(JSON.parse(companions()["tokenizer.json"]!)), encode: tokenizer.encode, config };
  } catch (error) {
    throw new Refusal(`${source}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

const countOf = (json: object): number => nextId(tokenIds(tokenizerJson.parse(json)));
