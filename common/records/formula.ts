// Cells of a CSV file that a spreadsheet would take for a formula (=HYPERLINK(…), +1, @SUM). An apostrophe before them makes them text, as
// OWASP's page on CSV injection has it; it is taken off again where a file of our own comes back in.

/** Signs that begin a formula, wide ones too, after whatever spaces or apostrophes; and what makes a spreadsheet begin a cell anew. */
const isFormula = (text: string) => /^[\s']*[=+\-@＝＋－＠]|^'*[\t\r\n]/.test(text);

export const asText = (cell: string): string => (isFormula(cell) ? `'${cell}` : cell);

/** The way back, exact for every text. */
export const fromText = (cell: string): string =>
  cell.startsWith("'") && isFormula(cell.slice(1)) ? cell.slice(1) : cell;

/** Columns of the tables that this program writes, and once wrote; only of those the apostrophes are its own. */
const withoutReasons = ["prompt", "chosen", "rejected", "strength", "n_raters", "p_chosen"];
export const exportedColumns = [...withoutReasons, "rationales"];
export const isExported = (columns: string[]): boolean =>
  [exportedColumns, withoutReasons].some((own) => own.join() === columns.join()) ||
  (exportedColumns.every((name, i) => name === columns[i]) &&
    besideColumns(columns).length === columns.length - exportedColumns.length);

/** Among the columns of pairs those that only some datasets have: reasons from a list, and ratings of both answers by criterion. */
export const besideColumns = (columns: string[]): BesideColumn[] =>
  columns.filter(
    (name): name is BesideColumn => name === "reason_tags" || /^(chosen|rejected|completion)_./.test(name),
  );
export type BesideColumn = "reason_tags" | `${"chosen" | "rejected"}_${string}`;
