// `workbench chat`: answers the last turn of a conversation, by one adapter after another on one base, and writes what there is of each
// answer while it grows, one JSON line each time.
import { print } from "../../common/command-line";
import type { ChatLine } from "../../spec/chat";
import type { ChatConfig } from "../../spec/config";
import { loadBase, readPolicy } from "../inference/frozen-policy";
import { createSampler } from "../inference/sampling";

export async function chat({ model: source, adapters, messages, ...options }: ChatConfig): Promise<void> {
  const { model, tokenizer } = await loadBase(source, adapters);
  const { ends, pad } = tokenizer;
  const ids = tokenizer.conversation(messages, true);
  for (const [side, folder] of adapters.entries()) {
    const own = folder === null ? { model, adapter: null } : await readPolicy(folder, model);
    const sampler = createSampler(own.model, own.adapter);
    const line = (own: { ids: number[]; ended: boolean }, done: boolean) => {
      const text = tokenizer.decode(own.ids).trimStart();
      print({ side, text, tokens: own.ids.length, done, ended: own.ended } satisfies ChatLine);
    };
    const [answer] = sampler([ids], {
      maxNewTokens: options.maxNewTokens,
      temperature: options.temperature,
      ends,
      pad,
      streams: [`chat/${options.seed}`],
      onToken: (_, [own]) => line(own!, false),
    });
    line(answer!, true);
  }
}
