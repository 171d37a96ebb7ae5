import { Command } from "commander";
import { once, print, say } from "../../common/command-line";

interface Options {
  on?: string[];
  in?: string;
}

export const compareTokenizers = new Command("compare-tokenizers")
  .description("characters a token by language, tokens a row and the share of the embedding, for each tokenizer")
  .argument("<tokenizers...>", "folders of tokenizers; models by name, folder or .gguf file")
  .option(
    "--on <files...>",
    "texts or rows to count; the clauses of data/languages, in 20 languages, where none are given",
  )
  .option(
    "--in <model>",
    "the model that would have the tokenizers, for the share of their embeddings; their own",
    once,
  )
  .action(async (sources: string[], { on, in: host }: Options) => {
    const [{ costOf }, { embeddingShare }, { tokenizerAt }, { textRows }, { clauseTexts }] = await Promise.all([
      import("../tokenizers/compare"),
      import("../models/embedding-share"),
      import("../tokenizers/tokenizer-at"),
      import("../tokenizers/texts"),
      import("../models/clauses"),
    ]);
    const body = host === undefined ? null : (await tokenizerAt(host)).config;
    const tokenizers = await Promise.all(sources.map(tokenizerAt));
    const costs = tokenizers.map(({ encode }) => costOf(encode));
    if (on === undefined)
      for (const { language, text } of clauseTexts()) for (const cost of costs) cost.add(language, [text], false);
    else {
      const { languageOf } = await import("../../common/language");
      for await (const { texts, isRow } of textRows(on, (reason) => say(`skipped: ${reason}`))) {
        const language = languageOf(texts.join("\n"))?.language ?? "unknown";
        for (const cost of costs) cost.add(language, texts, isRow);
      }
    }
    for (const [i, { vocabulary, config }] of tokenizers.entries()) {
      const model = body ?? config;
      const share = model && embeddingShare(model, body ? vocabulary : undefined);
      print({ tokenizer: sources[i], vocabulary, embeddingShare: share, ...costs[i]!.counted() });
    }
  });
