// `workbench chat`: answers the last turn of a conversation, by one adapter after another on one base, and writes what there is of each
// answer while it grows, one JSON line each time.
import type { ChatLine } from "../../spec/chat";
import type { ChatConfig } from "../../spec/config";
import { readAdapter } from "../adapters/files";
import { createSampler } from "../inference/sampling";
import { loadModel } from "../models/load";

export async function chat({ model: source, adapters, messages, ...options }: ChatConfig): Promise<void> {
  const { model, tokenizer } = await loadModel(source);
  const { ends, pad } = tokenizer;
  const ids = tokenizer.conversation(messages, true);
  const say = (line: ChatLine) => process.stdout.write(`${JSON.stringify(line)}\n`);
  for (const [side, folder] of adapters.entries()) {
    const sampler = createSampler(model, folder === null ? null : readAdapter(folder, model.config));
    const line = (own: { ids: number[]; ended: boolean }, done: boolean) => {
      say({ side, text: tokenizer.decode(own.ids).trimStart(), tokens: own.ids.length, done, ended: own.ended });
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
