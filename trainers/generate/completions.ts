// `workbench generate`: answers every prompt of a file.
import type { Text } from "../../common/rows/rows";
import type { GenerateConfig } from "../../spec/config";
import { chunks } from "../data/row-batches";
import { answerText } from "../data/tokenize";
import { loadBase, readPolicy } from "../inference/frozen-policy";
import { createSampler } from "../inference/sampling";
import { answersOf, prompts } from "./prompts";

/** An answer to a prompt. */
interface Completion {
  /** Of the prompt in its file, and of the answer to it. */
  index: number;
  sample: number;
  prompt: Text;
  completion: string;
  tokens: number;
  ended: boolean;
}

/** `take` gets each batch. */
export async function completions(
  config: GenerateConfig,
  take: (rows: Completion[], done: number, total: number) => void,
): Promise<void> {
  const { model, tokenizer } = await loadBase(config.model, [config.adapter]);
  const policy = config.adapter ? await readPolicy(config.adapter, model) : { model, adapter: null };
  const sampler = createSampler(policy.model, policy.adapter);
  const wanted = await prompts(config, tokenizer, config.samples);
  wanted.sort((a, b) => a.ids.length - b.ids.length); // rows of like length share a batch
  let done = 0;
  for (const batch of chunks(wanted, config.batchSize)) {
    const rows = answersOf(sampler, batch, config, tokenizer).map(({ ids, ended }, i) => {
      const { prompt, index, sample } = batch[i]!;
      return { index, sample, prompt, completion: answerText(tokenizer, ids), tokens: ids.length, ended };
    });
    done += batch.length;
    take(rows, done, wanted.length);
  }
}
