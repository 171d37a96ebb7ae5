import { print, say } from "../../common/command-line";
import type { LeftOut } from "../annotation/queues/left-out";

/** The report of an import on standard output; what was left out, and what else should be known, in words. */
export function tellImport({ bad, left, notes, ...report }: LeftOut & { notes: string[] }, file: string | null): void {
  const at = (line: number) => (file === null ? `line ${line}` : `${file}:${line}`);
  const before = file === null ? "" : `${file}: `;
  for (const { line, reason } of bad) say(`${at(line)}: ${reason}`);
  if (left > bad.length) say(`${before}${left - bad.length} more lines were left out`);
  for (const note of notes) say(`${before}${note}`);
  print({ ...report, bad: left });
}
