// What the rows of a labelled dataset come to: lengths, labels, prompts that stand twice.
import Database from "better-sqlite3";
import { z } from "zod";
import type { shownRow } from "./row-preview";

const quantiles = z.object({ least: z.number(), median: z.number(), most: z.number() });
export const rowStatistics = z.object({
  rows: z.number(),
  /** Characters of the prompts and of the longest answer of each row. */
  prompts: quantiles,
  answers: quantiles,
  /** Rows whose prompt stands in an earlier row too. */
  repeated: z.number(),
  /** What the labels say, and how often. */
  labels: z.array(z.object({ label: z.string(), count: z.number() })),
});
export type RowStatistics = z.infer<typeof rowStatistics>;

export const longestOf = ({ answers }: ReturnType<typeof shownRow>): number =>
  Math.max(0, ...answers.map(({ text }) => text.length));

/** Of rows that are shown one after the other; `close` lets go of what it wrote. */
export function countedRows() {
  const known = new Database(""); // on the disk, and gone when it is closed: a million prompts need not fit in memory
  known.exec(
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE prompts (text TEXT PRIMARY KEY) WITHOUT ROWID; BEGIN;",
  );
  const addPrompt = known.prepare("INSERT OR IGNORE INTO prompts (text) VALUES (?)");
  const [prompts, answers]: [number[], number[]] = [[], []];
  const labels = new Map<string, number>();
  let repeated = 0;
  return {
    add(row: ReturnType<typeof shownRow>): void {
      prompts.push(row.prompt.length);
      answers.push(longestOf(row));
      if (addPrompt.run(row.prompt).changes === 0) repeated++;
      for (const { label } of row.answers) if (label) labels.set(label, (labels.get(label) ?? 0) + 1);
    },
    total: (): RowStatistics => ({
      rows: prompts.length,
      prompts: quantilesOf(prompts),
      answers: quantilesOf(answers),
      repeated,
      labels: [...labels].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count),
    }),
    close: () => known.close(),
  };
}

function quantilesOf(lengths: number[]): z.infer<typeof quantiles> {
  const sorted = Uint32Array.from(lengths).sort();
  return { least: sorted[0]!, median: sorted[Math.floor((sorted.length - 1) / 2)]!, most: sorted.at(-1)! };
}
