// Which rows an import reads, and under which names.
import { z } from "zod";
import { pairsRow, type Text, text } from "../../trainers/data/rows";
import type { Message } from "../../trainers/models/tokenizer";
import { type SampleRow, sampleRow } from "../samples/load";

/** Names of the columns that hold a pair, where they are not the usual ones. */
export const columnsInput = z.strictObject({
  prompt: z.string().min(1),
  first: z.string().min(1),
  second: z.string().min(1),
});
export type Columns = z.infer<typeof columnsInput>;

/** From a request's search, where it names any. */
export const columnsOf = ({ prompt, first, second }: Record<string, string>): Columns | null =>
  prompt || first || second ? columnsInput.parse({ prompt, first, second }) : null;

const asMessages = (text: Text): Message[] => (typeof text === "string" ? [{ role: "user", content: text }] : text);
const asAnswer = (text: Text): string =>
  typeof text === "string" ? text : text.map((message) => message.content).join("\n\n");

export type ImportedRow = Omit<SampleRow, "source"> & { source?: string | undefined };

/** Answers to rank: a prompt with two `answers` or more that nobody has ranked, or any row that a preference method reads. */
const importRow = z.union(
  [
    sampleRow
      .extend({ prompt: text, source: z.string().optional() })
      .refine(({ answers }) => new Set(answers).size === answers.length, {
        path: ["answers"],
        message: "say the same twice",
      })
      .refine(({ answers, writers }) => !writers || writers.length === answers.length, {
        path: ["writers"],
        message: "are to be as many as the answers",
      })
      .refine(({ answers, gold }) => !gold || answers.length === 2, { path: ["gold"], message: "is for two answers" })
      .transform(({ prompt, ...row }): ImportedRow[] => [{ prompt: asMessages(prompt), ...row }]),
    pairsRow.transform(({ pairs }) =>
      pairs.map(({ prompt, chosen, rejected }): ImportedRow => {
        return { prompt: asMessages(prompt), answers: [asAnswer(chosen), asAnswer(rejected)] };
      }),
    ),
  ],
  { error: ({ input, errors }) => misread(input, errors as z.core.$ZodIssue[][]) },
);

/** What is wrong with a row, in terms of the layout that it seems to follow. */
function misread(row: unknown, [asAnswers, asPair]: z.core.$ZodIssue[][]): string {
  const names = row && typeof row === "object" ? Object.keys(row) : [];
  const issues = names.includes("answers") ? asAnswers : names.some((name) => known.includes(name)) ? asPair : null;
  if (!issues) return `has neither answers nor chosen and rejected, but ${names.join(", ") || "nothing"}`;
  return issues.map(({ path, message }) => [...path, message].join(" ")).join("; ");
}
const known = ["chosen", "rejected", "completions", "ranks"];

/** A row of a file as the rows of a queue that it gives. */
export const importSchema = (columns: Columns | null): z.ZodType<ImportedRow[]> =>
  columns === null ? importRow : z.preprocess((row) => renamed(row as Record<string, unknown>, columns), importRow);

const renamed = (row: Record<string, unknown>, { prompt, first, second }: Columns) => {
  const column = (name: string) => (Object.hasOwn(row, name) ? row[name] : undefined);
  return { prompt: column(prompt), answers: [column(first), column(second)] };
};
