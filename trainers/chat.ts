// `workbench chat`: answers the last turn of a conversation, by one adapter after another on one base, and writes what there is of each
// answer while it grows, one JSON line each time.
import type { ChatConfig } from "./config";
import { loadModel } from "./models/load";
import { readAdapter } from "./models/lora";
import { createSampler } from "./sampling";

/** What a line says. `text` is the whole answer so far. */
export interface ChatLine {
  /** Which of `adapters`. */
  side: number;
  text: string;
  tokens: number;
  /** Whether the answer is over. */
  done: boolean;
  /** Whether it ended by itself, or was cut at the longest answer. */
  ended: boolean;
}

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
