// `workbench generate`: answers every prompt of a file, one JSON line per completion on standard output. `workbench pairs`: two answers to
// each or more, straight into a queue.

import { resembled } from "../../common/min-hash";
import { records } from "../../common/records/records";
import { promptOf, readPromptRow, type Text } from "../../common/rows/rows";
import type { Message } from "../../spec/chat";
import type { GenerateConfig } from "../../spec/config";
import { readAdapter } from "../adapters/files";
import { chunks } from "../data/row-batches";
import { answerText, tokenizePrompt } from "../data/tokenize";
import { createSampler, type Sampler } from "../inference/sampling";
import { loadModel } from "../models/load";
import type { ChatTokenizer } from "../models/tokenizer";

interface Wanted {
  prompt: Text;
  /** Of the prompt in its file, and of the answer to it. */
  index: number;
  sample: number;
  ids: number[];
}

async function prompts(config: GenerateConfig, tokenizer: ChatTokenizer, samples: number): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  let index = 0;
  for await (const record of records(config.prompts)) {
    try {
      if ("reason" in record) throw new Error(record.reason);
      const row = readPromptRow(record.value);
      const prompt = promptOf(row);
      const ids = tokenizePrompt(tokenizer, prompt, { template: row.template });
      wanted.push(...Array.from({ length: samples }, (_, sample) => ({ prompt, index, sample, ids })));
      index++;
    } catch (error) {
      process.stderr.write(`${config.prompts}:${record.line}: ${(error as Error).message}\n`);
    }
  }
  return wanted;
}

const answersOf = (sampler: Sampler, wanted: Wanted[], config: GenerateConfig, { ends, pad }: ChatTokenizer) =>
  sampler(
    wanted.map((row) => row.ids),
    {
      maxNewTokens: config.maxNewTokens,
      temperature: config.temperature,
      topK: config.topK,
      topP: config.topP,
      ends,
      pad,
      streams: wanted.map((row) => `${config.seed}/${row.index}/${row.sample}`),
    },
  );

export async function generateFile(config: GenerateConfig): Promise<void> {
  const { model, tokenizer } = await loadModel(config.model);
  const adapter = config.adapter ? readAdapter(config.adapter, model.config) : null;
  const sampler = createSampler(model, adapter);
  const wanted = await prompts(config, tokenizer, config.samples);
  wanted.sort((a, b) => a.ids.length - b.ids.length); // rows of like length share a batch
  let done = 0;
  for (const batch of chunks(wanted, config.batchSize)) {
    answersOf(sampler, batch, config, tokenizer).forEach(({ ids, ended }, i) => {
      const { prompt, index, sample } = batch[i]!;
      const completion = answerText(tokenizer, ids);
      process.stdout.write(`${JSON.stringify({ index, sample, prompt, completion, tokens: ids.length, ended })}\n`);
    });
    done += batch.length;
    process.stderr.write(`${done} of ${wanted.length}\n`);
  }
}

/** Answers to a prompt, with who wrote them. */
export interface WrittenRow {
  prompt: Message[];
  answers: string[];
  source: string;
  /** The model, or the adapter on it. */
  writers: string[];
}

/**
 * Writes two answers to each prompt, or `samples` where that is more, by one policy or by two in turn. Answers that are cut, empty or
 * nearly the same as an earlier one are left out, and prompts with fewer than two left. `take` gets each batch.
 */
export async function generatePairs(
  config: GenerateConfig,
  take: (rows: WrittenRow[], done: number, total: number) => void,
): Promise<void> {
  const { model, tokenizer } = await loadModel(config.model);
  const policyOf = (name: string | null) => (name === null || name === "base" ? null : readAdapter(name, model.config));
  const first = createSampler(model, policyOf(config.adapter));
  const second = config.against === null ? first : createSampler(model, policyOf(config.against));
  const names = [config.adapter ?? "base", config.against ?? config.adapter ?? "base"];
  const source = `${config.model.source}: first by ${names[0]}, second by ${names[1]}, temperature ${config.temperature}`;
  const writers = names.map((name) => (name === "base" ? config.model.source : name));
  const each = Array.from({ length: Math.max(2, config.samples) }, (_, sample) => sample);
  const wanted = await prompts(config, tokenizer, 1);
  let done = 0;
  for (const batch of chunks(wanted, config.batchSize)) {
    const answers = each.map((sample) => {
      const asked = batch.map((row) => ({ ...row, sample }));
      return answersOf(sample % 2 === 0 ? first : second, asked, config, tokenizer);
    });
    done += batch.length;
    const rows = batch.flatMap(({ prompt }, i): WrittenRow[] => {
      const whole = answers.flatMap((own, sample) => {
        const { ids, ended } = own[i]!;
        const text = answerText(tokenizer, ids);
        return ended && text !== "" ? [{ ids, text, writer: writers[sample % 2]! }] : [];
      });
      const like = resembled(whole.map(({ ids }) => ids));
      const kept = whole.filter((_, at) => like[at] === null);
      if (kept.length < 2) return [];
      const asked = typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
      return [
        { prompt: asked, answers: kept.map(({ text }) => text), source, writers: kept.map(({ writer }) => writer) },
      ];
    });
    take(rows, done, wanted.length);
  }
}
