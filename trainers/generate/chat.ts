// `workbench chat`: answers the last turn of a conversation, by one adapter after another on one base, and writes what there is of each
// answer while it grows, one JSON line each time.
import { print } from "../../common/command-line";
import type { ChatLine } from "../../spec/chat";
import type { ChatConfig } from "../../spec/config";
import { readAdapter } from "../adapters/files";
import { createSampler } from "../inference/sampling";
import { loadModel } from "../models/load";

export async function chat({ model: source, adapters, messages, ...options }: ChatConfig): Promise<void> {
  const { model, tokenizer } = await loadModel(source);
  const { ends, pad } = tokenizer;
  const ids = tokenizer.conversation(messages, true);
  for (const [side, folder] of adapters.entries()) {
    const sampler = createSampler(model, folder === null ? null : readAdapter(folder, model.config));
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
