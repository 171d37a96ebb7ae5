// From documents to training data: judged on every core and then collected in their order. Killed at any moment, it goes on where it was, and
// the result is the same to the last byte, on however many cores.
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Watch } from "../watch";
import { batches } from "./batches";
import { collect } from "./collect";
import { type CorpusFolder, corpusFolder, requireSame, stamped } from "./corpus-folder";
import type { CorpusConfig, CorpusReport } from "./corpus-schema";
import { judgingThreads } from "./judging-threads";
import type { Outcome } from "./outcome";
import { type ScoreTexts, scoreRest, scorerFiles } from "./quality";
import type { RawDocument, Unread } from "./reading/raw-document";
import { sourceFiles } from "./reading/source-files";
import { forgetChanged } from "./restore-documents";

interface Wanted {
  folders: string[];
  out: string;
  config: CorpusConfig;
  /** Pieces of what is to stay unseen. */
  tested: ReadonlySet<string>;
  /** The reward model at work, where the config names one. */
  score: ScoreTexts;
  threads?: number | undefined;
}

export async function makeCorpus(wanted: Wanted, watch: Watch = {}): Promise<CorpusReport> {
  const { folders, out, config, tested, score } = wanted;
  const folder = corpusFolder(out);
  const files = sourceFiles(folders);
  const scorer = scorerFiles(config).map(stamped);
  const asked = { config, folders, files: files.map(stamped), tested: hashOf(tested), scorer };
  const before = folder.isBegun() ? folder.asked() : null;
  if (before) requireSame(before, asked, out);
  const done = JSON.stringify(before) === JSON.stringify(asked) ? folder.readReport() : null;
  if (done) return done;
  if (before) forgetChanged(folder, before.config.keep, config.keep);
  folder.begin(asked);
  const parts = await judgeAll(folder, files, wanted, watch);
  watch.says?.("comparing documents");
  const scores = await scoreRest(folder, parts, config, score, watch);
  watch.says?.("writing shards");
  return collect(folder, config, { parts, files: files.length, scores });
}

function hashOf(pieces: ReadonlySet<string>): string {
  if (pieces.size === 0) return "";
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(`${piece}\n`);
  return hash.digest("hex");
}

/** The number of parts that there are. */
async function judgeAll(
  folder: CorpusFolder,
  files: string[],
  { config, tested, threads: count = availableParallelism() }: Wanted,
  { says, cancelled }: Watch,
): Promise<number> {
  const total = megabytes(files.reduce((sum, file) => sum + stamped(file)[1], 0));
  const threads = judgingThreads(count, { config, tested });
  const running = new Set<Promise<void>>();
  let [parts, documents] = [0, 0];
  try {
    for await (const batch of batches(files)) {
      cancelled?.throwIfAborted();
      parts = batch.number + 1;
      documents += batch.documents.length;
      says?.(`${documents.toLocaleString("en")} documents, ${megabytes(batch.read)} of ${total} MB`);
      if (folder.has(batch.number)) continue;
      const work: Promise<void> = judgeBatch(batch.documents, threads.judge).then((outcomes) => {
        folder.write(batch.number, outcomes);
        running.delete(work);
      });
      work.catch(() => undefined); // one that failed stays among those that run, where it is met
      running.add(work);
      if (running.size >= 2 * count) await Promise.race(running);
    }
    await Promise.all(running);
    return parts;
  } finally {
    await threads.end();
    await Promise.allSettled(running);
  }
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);

/** In the order in which they stand in their files. */
async function judgeBatch(
  documents: (RawDocument | Unread)[],
  judge: (some: RawDocument[]) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  const read = documents.filter((one) => "bytes" in one);
  const outcomes = read.length === 0 ? [] : await judge(read);
  return documents.map((one) => ("bytes" in one ? outcomes[read.indexOf(one)]! : unread(one)));
}

const unread = ({ id, reason }: Unread): Outcome => ({
  id,
  url: null,
  text: null,
  words: 0,
  language: null,
  drop: { step: "reading", rule: "unreadable", detail: reason },
  spared: [],
  masked: {},
  hash: null,
  signature: null,
});
