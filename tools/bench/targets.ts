/** What was asked of a page and what it did, as a table: rows of what, target, measured. */
export function targetsTable({ machine, cores }: { machine: string; cores: number }, rows: string[][]): string {
  return [
    `Measured on ${cores} cores of ${machine}.`,
    "",
    "| | target | measured |",
    "| --- | --- | --- |",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}
