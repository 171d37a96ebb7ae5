// Words are what text is cut into before it is cut into tokens, which never reach from one into the next.
import { Tokenizer } from "@huggingface/tokenizers";
import { exactCuts } from "../models/exact-cuts";
import { cutsOf, type PreTokenizerName } from "../models/pre-tokenizers";

/** A text's words, as the tokenizer that is trained will cut it. */
export function cutter(pre: PreTokenizerName): (text: string) => string[] {
  const json = {
    ...{
      model: { type: "BPE", vocab: {}, merges: [] },
      added_tokens: [],
      normalizer: null,
      decoder: null,
      post_processor: null,
    },
    pre_tokenizer: { type: "Sequence", pretokenizers: cutsOf(pre) },
  };
  const { pre_tokenizer: cut } = new Tokenizer(exactCuts(json), {});
  return (text) => cut!.pre_tokenize(text);
}

/** How often each word occurs, and how many characters there are in all. */
export async function countWords(
  texts: AsyncIterable<string> | Iterable<string>,
  cut: (text: string) => string[],
): Promise<{ counts: Map<string, number>; characters: number }> {
  const counts = new Map<string, number>();
  let characters = 0;
  for await (const text of texts)
    for (const word of cut(text)) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const _ of word) characters++;
    }
  return { counts, characters };
}
