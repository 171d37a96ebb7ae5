// What may be wrong with the rows of files, of whatever kind: one row after the other, so that a file may be larger than memory. Pages of
// text are held to the rules by which Gopher, C4 and FineWeb chose theirs; chats, which are short by nature, are not.
import { createHash } from "node:crypto";
import { languageOf } from "../../../common/language";
import { earlierLike } from "../../../common/min-hash";
import { type ReadRow, readRow } from "../../../common/rows/formats";
import { contentText } from "../../../common/rows/messages";
import type { RowOfFiles } from "../../../common/rows/rows-of-files";
import { sharedPiece } from "../../../common/text-checks/contamination";
import { gopherQuality, gopherRepetition } from "../../../common/text-checks/gopher";
import { privateData } from "../../../common/text-checks/private-data";
import { c4Quality, fineWebQuality } from "../../../common/text-checks/web-text";
import { plain, wordNumbers } from "../../../common/words";
import type { Text } from "../../../spec/chat";

export type RowCheck =
  | "unreadable"
  | "repeated"
  | "alike"
  | "contaminated"
  | "private"
  | "gopherQuality"
  | "gopherRepetition"
  | "c4Quality"
  | "fineWebQuality";

export interface RowFinding {
  /** Which row, counted through all files; its line stands beside it. */
  row: number;
  line: number;
  check: RowCheck;
  detail: string;
}

export interface CheckedRow {
  /** Null where the row cannot be read. */
  row: ReadRow | null;
  /** ISO 639-1. */
  language: string | null;
  findings: RowFinding[];
}

/** `tested` are pieces of what is to stay unseen. */
export async function* checkedRows(
  entries: AsyncIterable<RowOfFiles>,
  tested: ReadonlySet<string>,
): AsyncGenerator<CheckedRow> {
  const [exact, like] = [new Map<string, string>(), earlierLike()];
  const places: string[] = []; // of the rows that `like` was asked about
  let number = 0;
  for await (const entry of entries) {
    number++;
    const place = `${entry.of}line ${entry.line}`;
    const finding = (check: RowCheck, detail: string | null) =>
      detail === null ? [] : [{ row: number, line: entry.line, check, detail }];
    let row: ReadRow;
    try {
      if ("reason" in entry) throw new Error(entry.reason);
      row = readRow(entry.value);
    } catch (error) {
      const detail = `${entry.of}${(error as Error).message}`;
      yield { row: null, language: null, findings: finding("unreadable", detail) };
      continue;
    }
    const text = textsOf(row).join("\n\n");
    const key = createHash("sha256").update(plain(text)).digest("base64");
    const same = exact.get(key);
    const findings = same === undefined ? [] : finding("repeated", `the same as ${same}`);
    if (same === undefined) {
      exact.set(key, place);
      places.push(place);
      const earlier = like(wordNumbers(text));
      if (earlier !== null) findings.push(...finding("alike", `80 % or more in common with ${places[earlier]}`));
    }
    findings.push(...finding("contaminated", sharedPiece(text, tested)));
    findings.push(...privateData(text).flatMap((found) => finding("private", found)));
    if (row.kind === "text")
      for (const [check, rule] of Object.entries(pageRules))
        findings.push(...finding(check as keyof typeof pageRules, rule(row.text)));
    yield { row, language: languageOf(text)?.language ?? null, findings };
  }
}

const pageRules = { gopherQuality, gopherRepetition, c4Quality, fineWebQuality };

/** Everything that is said in a row. */
export function textsOf(row: ReadRow): string[] {
  switch (row.kind) {
    case "preference":
      return [said(row.prompt), said(row.chosen), said(row.rejected)];
    case "ranking":
      return [said(row.prompt), ...row.completions.map(said)];
    case "unpaired":
    case "completion":
      return [said(row.prompt), said(row.completion)];
    case "text":
      return [row.text];
    case "answers":
      return [said(row.prompt), ...row.answers];
    case "stepwise":
      return [said(row.prompt), ...row.steps.map(({ text }) => text)];
    case "prompt":
      return [said(row.prompt)];
  }
}

const said = (text: Text): string =>
  typeof text === "string" ? text : text.map(({ content }) => contentText(content)).join("\n\n");
