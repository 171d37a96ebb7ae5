// The ways in which a server proposes tokens, as its options say.
import { Refusal } from "../../common/command-line";
import { heldInFull } from "../../spec/fields/model";
import { loadBase } from "../inference/frozen-policy";
import { longestSequence } from "../models/position-limit";
import type { ChatTokenizer } from "../models/tokenizer";
import { nativeModel } from "../models/transformer";
import type { ServedPolicy } from "./sequence";
import { draftModel, firstOf, type Propose, promptLookup } from "./speculate";

/** In tokens at most. */
export interface Speculation {
  /** What followed the last tokens earlier in prompt and answer. */
  promptLookup?: number;
  /** By a smaller model: its name, its folder or its .gguf file. */
  draft?: { source: string; tokens: number };
}

/** For sequences of `target` or an adapter on it; what the prompt has is asked first, since it costs nothing. */
export async function proposals(
  { promptLookup: count, draft }: Speculation,
  target: ServedPolicy,
  { tokenizer, context }: { tokenizer: ChatTokenizer; context: number },
): Promise<Propose> {
  if ((count || draft) && !target.native)
    throw new Refusal(
      "speculative decoding needs a model that the project's own ops compute, and this one is not: leave out --prompt-lookup and --draft",
    );
  const ways: Propose[] = count ? [promptLookup(count)] : [];
  if (draft) {
    const { weights, config } = target.model;
    const dtype = weights.dtype;
    const own = await loadBase({ source: draft.source, dtype, ...heldInFull }, []);
    refuseOtherTokens(draft.source, own.tokenizer, tokenizer, Math.min(own.model.config.vocabSize, config.vocabSize));
    const native = nativeModel(own.model, null);
    if (!native) throw new Refusal(`${draft.source} is not computed by the project's own ops: it cannot be a draft`);
    const longest = Math.min(context, longestSequence(own.model.config));
    ways.push(draftModel(native, own.model.weights.head, { count: draft.tokens, context: longest }));
  }
  return (ids, most) => {
    const proposed = firstOf(ways)(ids, most);
    const outside = proposed.findIndex((id) => id >= target.model.config.vocabSize); // a draft's matrix may be filled up further
    return outside < 0 ? proposed : proposed.slice(0, outside);
  };
}

function refuseOtherTokens(draft: string, own: ChatTokenizer, target: ChatTokenizer, count: number): void {
  for (let id = 0; id < count; id++)
    if (own.show(id) !== target.show(id))
      throw new Refusal(
        `${draft} cannot be a draft: its token ${id} is ${JSON.stringify(own.show(id))}, and the served model's ${JSON.stringify(target.show(id))}`,
      );
}
