import { Command } from "commander";
import { once, print, say, wholeNumber } from "../../common/command-line";
import type { CorpusConfig, Quality } from "../corpus/corpus-schema";
import { againstOption } from "./against-option";
import { trainersLines } from "./trainers";

interface Options {
  out: string;
  config?: string;
  against: string[];
  threads?: number;
}

export const corpus = new Command("corpus")
  .description("make training text of folders of HTML, Markdown, text, PDF and WARC files; interrupted, it goes on")
  .argument("<folders...>", "folders and files of documents; rows of text are documents too")
  .requiredOption("--out <folder>", "where texts, what was dropped at each step, and the report go", once)
  .option("--config <file>", "YAML that says what is dropped (docs/corpus.md)", once)
  .addOption(againstOption())
  .option("--threads <n>", "documents judged at a time; the processor's cores where none is given", wholeNumber)
  .action(async (folders: string[], { out, config: file, against, threads }: Options) => {
    const [{ readConfig }, { corpusConfig }] = await Promise.all([
      import("../corpus/read-config"),
      import("../corpus/corpus-schema"),
    ]);
    const asked = file === undefined ? corpusConfig.parse({}) : readConfig(file);
    await make(folders, out, { ...asked, against: [...asked.against, ...against] }, threads);
  });

export const corpusRestore = new Command("corpus-restore")
  .description("take documents that a rule dropped back into a corpus; only what has to be is judged again")
  .argument("<out>", "the corpus's folder")
  .argument("<ids...>", "of rows in its folder dropped")
  .action(async (out: string, ids: string[]) => {
    const { restoreDocuments } = await import("../corpus/restore-documents");
    const { folders, config } = restoreDocuments(out, ids);
    await make(folders, out, config);
  });

async function make(folders: string[], out: string, config: CorpusConfig, threads?: number): Promise<void> {
  const [{ makeCorpus }, { testedPieces }, { againstFile }] = await Promise.all([
    import("../corpus/make-corpus"),
    import("../data-checks/tested-pieces"),
    import("../datasets/against"),
  ]);
  const tested = await testedPieces(await Promise.all(config.against.map(againstFile)));
  print(await makeCorpus({ folders, out, config, tested, score, threads }, { says: say }));
}

const score = ({ model, base, prompt }: Quality, file: string) =>
  trainersLines(["score-texts", model, file], { ...(base && { base }), ...(prompt && { prompt }) });
