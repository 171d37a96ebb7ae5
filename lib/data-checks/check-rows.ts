// What may be wrong with the rows of files, of whatever kind: one row after the other, so that a file may be larger than memory. English
// pages of text are held to the rules by which Gopher, C4 and FineWeb chose theirs. Chats, which are short by nature, are not, unless somebody
// wants their long answers held to them. The rules know the words and signs of no other language; of bad words there are lists in 28.
import { languageOf } from "../../common/language";
import { type ReadRow, readRow } from "../../common/rows/formats";
import { everyTextOf, textsOf } from "../../common/rows/row-texts";
import type { RowOfFiles } from "../../common/rows/rows-of-files";
import { c4BadWords } from "../../common/text-checks/bad-words";
import { sharedPiece } from "../../common/text-checks/contamination";
import { gopherQuality, gopherRepetition } from "../../common/text-checks/gopher";
import { privateData } from "../../common/text-checks/private-data";
import { c4Quality, fineWebQuality } from "../../common/text-checks/web-text";
import { wordsOf } from "../../common/words";
import { type Earlier, earlierRows } from "./earlier-rows";

const pageRules = { gopherQuality, gopherRepetition, c4Quality, fineWebQuality };

export type RowCheck =
  | "unreadable"
  | Earlier["check"]
  | "contaminated"
  | "private"
  | "c4BadWords"
  | keyof typeof pageRules;

export interface RowFinding {
  /** Which row, counted through all files; its line stands beside it. */
  row: number;
  line: number;
  check: RowCheck;
  detail: string;
}

export interface CheckedRow {
  /** Counted through all files; its line stands beside it. */
  number: number;
  line: number;
  /** As it came. */
  record: unknown;
  /** Null where it cannot be read. */
  row: ReadRow | null;
  /** ISO 639-1. */
  language: string | null;
  findings: RowFinding[];
  /** The number of an earlier row that says the same with another label. */
  contradicts: number | null;
}

const earlierDetail = {
  repeated: (place: string) => `the same as ${place}`,
  contradicted: (place: string) => `the same as ${place}, with another label`,
  alike: (place: string) => `80 % or more in common with ${place}`,
};

interface How {
  /** What a row's line is called, since of a dataset that is annotated it is the number of a record. */
  calls?: "line" | "record";
  /** Whether the rules of web pages hold for long answers too. */
  webRules?: boolean;
}

/** Words of the shortest page that Gopher took. */
const leastPageWords = 50;

/** `tested` are pieces of what is to stay unseen. */
export async function* checkedRows(
  entries: AsyncIterable<RowOfFiles>,
  tested: ReadonlySet<string>,
  { calls = "line", webRules = false }: How = {},
): AsyncGenerator<CheckedRow> {
  const earlier = earlierRows();
  const places: { of: string; line: number; number: number }[] = []; // of the rows that `earlier` was asked about
  let number = 0;
  for await (const entry of entries) {
    number++;
    const { of, line } = entry;
    const finding = (check: RowCheck, detail: string): RowFinding => ({ row: number, line, check, detail });
    const read = readable(entry);
    if ("reason" in read) {
      const findings = [finding("unreadable", `${of}${read.reason}`)];
      yield { number, line, record: null, row: null, language: null, findings, contradicts: null };
      continue;
    }
    const { row, record } = read;
    const text = textsOf(row).join("\n\n");
    const language = languageOf(text)?.language ?? null;
    const findings: RowFinding[] = [];
    places.push({ of, line, number });
    const found = earlier(row);
    const first = found && places[found.row]!;
    if (found && first)
      findings.push(finding(found.check, earlierDetail[found.check](`${first.of}${calls} ${first.line}`)));
    const piece = sharedPiece(text, tested);
    if (piece !== null) findings.push(finding("contaminated", piece));
    for (const detail of new Set(everyTextOf(row).flatMap(privateData))) findings.push(finding("private", detail));
    for (const page of pagesOf(row, webRules)) findings.push(...brokenRules(page, finding));
    const contradicts = found?.check === "contradicted" ? first!.number : null;
    yield { number, line, record, row, language, findings, contradicts };
  }
}

function readable(entry: RowOfFiles): { row: ReadRow; record: unknown } | { reason: string } {
  if ("reason" in entry) return { reason: entry.reason };
  try {
    return { row: readRow(entry.value), record: entry.value };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

function pagesOf(row: ReadRow, webRules: boolean): string[] {
  if (row.kind === "text") return [row.text];
  if (!webRules) return [];
  return textsOf(row)
    .slice(1)
    .filter((answer) => wordsOf(answer).length >= leastPageWords);
}

function brokenRules(text: string, finding: (check: RowCheck, rule: string) => RowFinding): RowFinding[] {
  const language = languageOf(text)?.language ?? null;
  if (language === null) return [];
  const checks = language === "en" ? (Object.keys(pageRules) as (keyof typeof pageRules)[]) : [];
  return [
    ...checks.map((check) => [check, pageRules[check](text)?.rule ?? null] as const),
    ["c4BadWords", c4BadWords(text, language)] as const,
  ].flatMap(([check, rule]) => (rule === null ? [] : [finding(check, rule)]));
}
