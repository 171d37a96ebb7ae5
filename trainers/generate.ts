// `workbench generate`: answers every prompt of a file, one JSON line per completion on standard output.
import { z } from "zod";
import type { GenerateConfig } from "./config";
import { readRows, text } from "./data/rows";
import { tokenizePrompt } from "./data/tokenize";
import { loadModel } from "./models/load";
import { readAdapter } from "./models/lora";
import { createSampler } from "./sampling";

const promptRow = z.object({ prompt: text });

export async function generateFile(config: GenerateConfig): Promise<void> {
  const { good, bad } = await readRows(config.prompts, promptRow);
  for (const { line, reason } of bad) process.stderr.write(`${config.prompts}:${line}: ${reason}\n`);
  const { model, tokenizer } = await loadModel(config.model);
  const adapter = config.adapter ? readAdapter(config.adapter, model.config) : null;
  const sampler = createSampler(model, adapter);
  const wanted = good.flatMap(({ prompt }, index) =>
    Array.from({ length: config.samples }, (_, sample) => ({
      prompt,
      index,
      sample,
      ids: tokenizePrompt(tokenizer, prompt),
    })),
  );
  wanted.sort((a, b) => a.ids.length - b.ids.length); // rows of like length share a batch
  for (let at = 0; at < wanted.length; at += config.batchSize) {
    const batch = wanted.slice(at, at + config.batchSize);
    const completions = sampler(
      batch.map((row) => row.ids),
      {
        maxNewTokens: config.maxNewTokens,
        temperature: config.temperature,
        topK: config.topK,
        topP: config.topP,
        eos: tokenizer.eos,
        pad: tokenizer.pad,
        streams: batch.map((row) => `${config.seed}/${row.index}/${row.sample}`),
      },
    );
    completions.forEach(({ ids, ended }, i) => {
      const { prompt, index, sample } = batch[i]!;
      process.stdout.write(
        `${JSON.stringify({ index, sample, prompt, completion: tokenizer.decode(ids).trim(), tokens: ids.length, ended })}\n`,
      );
    });
    process.stderr.write(`${Math.min(at + config.batchSize, wanted.length)} of ${wanted.length}\n`);
  }
}
