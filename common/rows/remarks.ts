// What many rows of a file have in common and should be known of, told once: with how many there are, and the first line.
import type { ReadRow } from "./formats";

export interface Remarks {
  /** About the row of this line. `used` are columns that a method reads beside those of the layout. */
  row(line: number, row: ReadRow, used?: string[]): void;
  add(line: number, remark: string): void;
  sentences(): string[];
}

interface Met {
  rows: number;
  first: number;
  last: number;
}

export function collectRemarks(): Remarks {
  const [columns, remarks] = [new Map<string, Met>(), new Map<string, Met>()];
  const meet = (known: Map<string, Met>, name: string, line: number) => {
    if (!known.has(name) && known.size >= mostKept) return; // names made up row by row help nobody
    const met = known.get(name) ?? { rows: 0, first: line, last: Number.NaN };
    known.set(name, { ...met, rows: met.last === line ? met.rows : met.rows + 1, last: line });
  };
  return {
    row(line, row, used = []) {
      for (const name of row.unused) if (!used.includes(name)) meet(columns, name, line);
      for (const remark of row.remarks) meet(remarks, remark, line);
    },
    add: (line, remark) => meet(remarks, remark, line),
    sentences: () => [
      ...(columns.size > 0
        ? [
            `columns that nothing reads: ${[...columns].slice(0, mostColumns).map(shown).join(", ")}${columns.size > mostColumns ? ", …" : ""}`,
          ]
        : []),
      ...[...remarks].map(([remark, { rows, first }]) => `${remark} (${counted(rows)}, first at line ${first})`),
    ],
  };
}

const mostKept = 1000;
const mostColumns = 20;
const counted = (rows: number) => `${rows} ${rows === 1 ? "row" : "rows"}`;
const shown = ([name, { rows, first }]: [string, Met]) =>
  `${name.slice(0, 40)} (${counted(rows)}, first at line ${first})`;
