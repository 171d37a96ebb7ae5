// Film reviews that a policy writes, and what the oracle says of them: what studies of steps measure.
import { rewardSource } from "../../spec/fields/rewards";
import { mean } from "../../spec/statistics";
import { chunks } from "../../trainers/data/row-batches";
import { tokenizePrompt } from "../../trainers/data/tokenize";
import { type Judged, openJudged } from "../../trainers/generate/judged-solutions";
import { goldReward } from "../../trainers/rewards/gold/reviews";
import { heldOutPrompts } from "./review-pairs";

export const maxNewTokens = 64;
export const asked = (content: string) => [{ role: "user", content }];
export const fromTheStart = (prompts: string[]) => prompts.map((prompt) => ({ prompt, before: "" }));

export interface Begun {
  prompt: string;
  before: string;
}
export interface Written {
  text: string;
  ended: boolean;
  tokens: number;
}

/** `count` solutions to each prompt, after what is given of them. */
export function written({ sampler, tokenizer }: Judged, begun: Begun[], count: number, stream: string): Written[][] {
  const { ends, pad } = tokenizer;
  const rows = begun.flatMap(({ prompt, before }) => {
    const query = [...tokenizePrompt(tokenizer, asked(prompt)), ...tokenizer.encode(before)];
    return Array<number[]>(count).fill(query);
  });
  const streams = rows.map((_, i) => `tree pairs/${stream}/${i}`);
  const found = sampler(rows, { maxNewTokens, temperature: 1, ends, pad, streams });
  return chunks(
    found.map(({ ids, ended }) => ({ text: tokenizer.decode(ids), ended, tokens: ids.length })),
    count,
  );
}

export const judgedBy = (base: string, adapter: string | null): Promise<Judged> =>
  openJudged({
    ...{ model: { source: base, dtype: "float32", quantisation: null, unquantised: [] }, adapter },
    reward: rewardSource.parse({ gold: "film-reviews" }),
  });

/** What a policy is worth on held-out prompts. */
export interface Worth {
  gold: number;
  sentences: number;
  tokens: number;
}

/** `stepsIn`: how many steps a review has. */
export async function worthOf(base: string, adapter: string | null, stepsIn: (text: string) => number): Promise<Worth> {
  const judged = await judgedBy(base, adapter);
  const reviews = written(judged, fromTheStart(heldOutPrompts), 4, "worth").flat();
  return {
    gold: mean(reviews.map(({ text }) => goldReward(text))),
    sentences: mean(reviews.map(({ text }) => stepsIn(text))),
    tokens: mean(reviews.map(({ tokens }) => tokens)),
  };
}
