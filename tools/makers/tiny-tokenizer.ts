// The corpus that `tiny` was trained on, and its tokenizer.
import { createRandom } from "../../common/random";
import { prompts, writeReview } from "../../trainers/rewards/gold/reviews";
import { byteAlphabet, trainBpe } from "../../trainers/tokenizers/bpe";
import { bpeFiles, usualSpecials } from "../../trainers/tokenizers/files";
import { countWords, cutter } from "../../trainers/tokenizers/words";

export function tinyReviews(): { prompt: string; review: string }[] {
  const random = createRandom("tiny corpus");
  return prompts().flatMap((prompt) =>
    Array.from({ length: 60 }, () => ({ prompt, review: writeReview(prompt, random) })),
  );
}

/** Its files in Hugging Face's layout. */
export async function tinyTokenizer(reviews: ReturnType<typeof tinyReviews>): Promise<ReturnType<typeof bpeFiles>> {
  const texts = reviews.flatMap(({ prompt, review }) => [`user\n${prompt}`, `assistant\n${review}`, "\n"]);
  const { counts } = await countWords(texts, cutter("gpt-2"));
  const initial = [...usualSpecials, ...byteAlphabet];
  const bpe = trainBpe(counts, { initial, vocabSize: 1024, minFrequency: 2, ties: "text" });
  return bpeFiles(bpe, usualSpecials, "gpt-2");
}
