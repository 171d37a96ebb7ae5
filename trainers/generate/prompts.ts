// The prompts of a file, and the answers that a policy samples to them.
import { say } from "../../common/command-line";
import { rowRecords } from "../../common/rows/expand";
import type { ReadRow } from "../../common/rows/formats";
import { promptOf, readPromptRow, requireText, type Text } from "../../common/rows/rows";
import type { GenerateConfig } from "../../spec/config";
import { tokenizePrompt } from "../data/tokenize";
import type { Sampler } from "../inference/sampling";
import type { ChatTokenizer } from "../models/tokenizer";

export interface Wanted {
  prompt: Text;
  /** Of the prompt in its file, and of the answer to it. */
  index: number;
  sample: number;
  ids: number[];
  /** With what else it holds. */
  row: ReadRow;
}

/** Every prompt of the file, `samples` times. */
export async function prompts(
  config: Pick<GenerateConfig, "prompts">,
  tokenizer: ChatTokenizer,
  samples: number,
): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  let index = 0;
  for await (const record of rowRecords(config.prompts)) {
    try {
      if ("reason" in record) throw new Error(record.reason);
      const row = requireText(readPromptRow(record.value));
      const prompt = promptOf(row);
      const ids = tokenizePrompt(tokenizer, prompt, { template: row.template });
      wanted.push(...Array.from({ length: samples }, (_, sample) => ({ prompt, index, sample, ids, row })));
      index++;
    } catch (error) {
      say(`${config.prompts}:${record.line}: ${(error as Error).message}`);
    }
  }
  return wanted;
}

export const answersOf = (sampler: Sampler, wanted: Wanted[], config: GenerateConfig, { ends, pad }: ChatTokenizer) =>
  sampler(
    wanted.map((row) => row.ids),
    {
      maxNewTokens: config.maxNewTokens,
      temperature: config.temperature,
      topK: config.topK,
      topP: config.topP,
      ends,
      pad,
      streams: wanted.map((row) => `${config.seed}/${row.index}/${row.sample}`),
    },
  );
