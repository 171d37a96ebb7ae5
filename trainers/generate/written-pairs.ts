// `workbench generate-pairs`: two answers or more to each prompt, for people to judge; one is enough where each is judged by itself.
import { resembled } from "../../common/min-hash";
import type { GenerateConfig } from "../../spec/config";
import type { WrittenPair } from "../../spec/reports";
import { chunks } from "../data/row-batches";
import { answerText } from "../data/tokenize";
import { loadBase, readPolicy } from "../inference/frozen-policy";
import { createSampler } from "../inference/sampling";
import { answersOf, prompts } from "./prompts";

/**
 * Writes `least` answers to each prompt, or `samples` where that is more, by one policy or by two in turn. Answers that are cut, empty or
 * nearly the same as an earlier one are left out, and prompts with fewer than `least` left. `take` gets each batch.
 */
export async function writtenPairs(
  config: GenerateConfig,
  least: 1 | 2,
  take: (rows: WrittenPair[], done: number, total: number) => void,
): Promise<void> {
  const { model, tokenizer } = await loadBase(config.model, [config.adapter, config.against]);
  const samplerOf = async (name: string | null) => {
    const isBase = name === null || name === "base";
    const policy = isBase ? { model, adapter: null } : await readPolicy(name, model);
    return createSampler(policy.model, policy.adapter);
  };
  const first = await samplerOf(config.adapter);
  const second = config.against === null ? first : await samplerOf(config.against);
  const names = [config.adapter ?? "base", config.against ?? config.adapter ?? "base"];
  const source = `${config.model.source}: first by ${names[0]}, second by ${names[1]}, temperature ${config.temperature}`;
  const writers = names.map((name) => (name === "base" ? config.model.source : name));
  const needed = config.against === null ? least : 2; // each of two policies writes one
  const each = Array.from({ length: Math.max(needed, config.samples) }, (_, sample) => sample);
  const wanted = await prompts(config, tokenizer, 1);
  let done = 0;
  for (const batch of chunks(wanted, config.batchSize)) {
    const answers = each.map((sample) => {
      const asked = batch.map((row) => ({ ...row, sample }));
      return answersOf(sample % 2 === 0 ? first : second, asked, config, tokenizer);
    });
    done += batch.length;
    const rows = batch.flatMap(({ prompt }, i): WrittenPair[] => {
      const whole = answers.flatMap((own, sample) => {
        const { ids, ended } = own[i]!;
        const text = answerText(tokenizer, ids);
        return ended && text !== "" ? [{ ids, text, writer: writers[sample % 2]! }] : [];
      });
      const like = resembled(whole.map(({ ids }) => ids));
      const kept = whole.filter((_, at) => like[at] === null);
      if (kept.length < least) return [];
      const asked = typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
      return [
        { prompt: asked, answers: kept.map(({ text }) => text), source, writers: kept.map(({ writer }) => writer) },
      ];
    });
    take(rows, done, wanted.length);
  }
}
