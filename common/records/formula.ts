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
/** The same of single answers. */
export const judgedColumns = ["prompt", "completion", "label", "n_raters", "p_label", "rationales"];
export const isExported = (columns: string[]): boolean =>
  withoutReasons.join() === columns.join() ||
  [exportedColumns, judgedColumns].some(
    (own) =>
      own.every((name, i) => name === columns[i]) && besideColumns(columns).length === columns.length - own.length,
  );

/** Among the columns of an export those that only some datasets have: reasons from a list, and ratings of answers by criterion. */
export const besideColumns = (columns: string[]): string[] =>
  columns.filter((name) => name === "reason_tags" || /^(chosen|rejected|completion)_./.test(name));
