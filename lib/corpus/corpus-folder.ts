// The folder of a corpus: what was asked, the outcomes as far as they have come, and at the end texts, dropped rows and the report. Every file
// in it is whole or not there, so that work which was killed goes on where it was.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../../common/whole-file";
import { FieldError } from "../../spec/field-error";
import { type CorpusReport, corpusConfig, corpusReport } from "./corpus-schema";
import { type Outcome, outcome } from "./outcome";

const asked = z.object({
  config: corpusConfig,
  folders: z.array(z.string()),
  /** Each with its size and when it was last changed. */
  files: z.array(z.tuple([z.string(), z.number(), z.number()])),
  /** A hash of the pieces of what is to stay unseen; empty where there is nothing. */
  tested: z.string().default(""),
});
export type Asked = z.infer<typeof asked>;

export function corpusFolder(out: string) {
  const parts = join(out, "work", "parts");
  const part = (number: number) => join(parts, `${String(number).padStart(8, "0")}.jsonl`);
  const report = join(out, "report.json");
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

/** Refuses to go on with work that was begun with something else. Which documents no rule drops may differ. */
export function requireSame(before: Asked, now: Asked, out: string): void {
  const plain = ({ config, ...rest }: Asked) => JSON.stringify({ ...rest, config: { ...config, keep: [] } });
  if (plain(before) === plain(now)) return;
  const what =
    JSON.stringify(before.files) === JSON.stringify(now.files)
      ? before.tested === now.tested
        ? "another config"
        : "other rows to test a model with"
      : "other files, or files that have changed since";
  throw new FieldError("out", `${out} was begun with ${what}; name another folder, or remove this one`);
}
