// The folder of a corpus: what was asked, the outcomes as far as they have come, and at the end texts, dropped rows and the report. Every file
// in it is whole or not there, so that work which was killed goes on where it was.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { linesFrom } from "../../common/appended-lines";
import { writeWhole } from "../../common/whole-file";
import { FieldError } from "../../spec/field-error";
import { type ScoredText, scoredText } from "../../spec/reports";
import { type CorpusReport, corpusConfig, corpusReport } from "./corpus-schema";
import { type Outcome, outcome } from "./outcome";

const asked = z.object({
  config: corpusConfig,
  folders: z.array(z.string()),
  /** Each with its size and when it was last changed. */
  files: z.array(z.tuple([z.string(), z.number(), z.number()])),
  /** A hash of the pieces of what is to stay unseen; empty where there is nothing. */
  tested: z.string().default(""),
  /** The reward model's files, as `files`. */
  scorer: z.array(z.tuple([z.string(), z.number(), z.number()])).default([]),
});
export type Asked = z.infer<typeof asked>;

export function corpusFolder(out: string) {
  const parts = join(out, "work", "parts");
  const part = (number: number) => join(parts, `${String(number).padStart(8, "0")}.jsonl`);
  const report = join(out, "report.json");
  const scores = join(out, "work", "scores.jsonl");
  return {
    texts: join(out, "texts"),
    dropped: join(out, "dropped"),
    report,
    /** What the next result is written to. */
    draft: join(out, "work", "draft"),
    asked: (): Asked => asked.parse(JSON.parse(readFileSync(join(out, "corpus.json"), "utf8"))),
    isBegun: () => existsSync(join(out, "corpus.json")),
    /** A report of what was asked before goes first: it would pass for one of what is asked now. */
    begin(what: Asked): void {
      mkdirSync(parts, { recursive: true });
      rmSync(report, { force: true });
      for (const name of readdirSync(parts)) if (name.endsWith(".tmp")) rmSync(join(parts, name));
      writeWhole(join(out, "corpus.json"), `${JSON.stringify(what, null, 2)}\n`);
    },
    /** The numbers of those that are there, in no order: after a crash some may be missing between. */
    parts: (): number[] =>
      existsSync(parts)
        ? readdirSync(parts).flatMap((name) => (name.endsWith(".jsonl") ? [parseInt(name, 10)] : []))
        : [],
    has: (number: number) => existsSync(part(number)),
    write: (number: number, outcomes: Outcome[]) =>
      writeWhole(part(number), outcomes.map((one) => `${JSON.stringify(one)}\n`).join("")),
    read: (number: number): Outcome[] =>
      readFileSync(part(number), "utf8")
        .split("\n")
        .slice(0, -1)
        .map((line) => outcome.parse(JSON.parse(line))),
    /** What a reward model has yet to read. */
    unscored: join(out, "work", "unscored.jsonl"),
    addScore: (one: ScoredText) => appendFileSync(scores, `${JSON.stringify(one)}\n`, { flush: true }),
    scores: (): Map<string, ScoredText> => new Map(existsSync(scores) ? wholeScores(scores) : []),
    forget: (number: number) => rmSync(part(number)),
    readReport: (): CorpusReport | null =>
      existsSync(report) ? corpusReport.parse(JSON.parse(readFileSync(report, "utf8"))) : null,
  };
}
export type CorpusFolder = ReturnType<typeof corpusFolder>;

export const stamped = (file: string): [string, number, number] => {
  const { size, mtimeMs } = statSync(file);
  return [file, size, mtimeMs];
};

/** By their documents. A line that was being written when the work was killed goes. */
function wholeScores(path: string): [string, ScoredText][] {
  const found: [string, ScoredText][] = [];
  for (let at = 0; ; ) {
    const { lines, end } = linesFrom(path, at);
    if (end === at) {
      truncateSync(path, at);
      return found;
    }
    for (const one of lines.map((line) => scoredText.parse(JSON.parse(line)))) found.push([one.id, one]);
    at = end;
  }
}

/** Refuses to go on with work that was begun with something else. Which documents no rule drops, and how low a score may be, may differ. */
export function requireSame(before: Asked, now: Asked, out: string): void {
  const plain = ({ config, ...rest }: Asked) => {
    const quality = config.quality && { ...config.quality, min: null };
    return JSON.stringify({ ...rest, config: { ...config, keep: [], quality } });
  };
  if (plain(before) !== plain(now))
    throw new FieldError(
      "out",
      `${out} was begun with ${whatDiffers(before, now)}; name another folder, or remove this one`,
    );
}

function whatDiffers(before: Asked, now: Asked): string {
  if (JSON.stringify(before.files) !== JSON.stringify(now.files))
    return "other files, or files that have changed since";
  if (before.tested !== now.tested) return "other rows to test a model with";
  return JSON.stringify(before.scorer) === JSON.stringify(now.scorer)
    ? "another config"
    : "another reward model, or one that has changed since";
}
