// docs/import-data.md's table of what a million rows cost, from what `npm run --silent workbench -- imports` measured.

interface Cost {
  seconds: number;
  /** Greatest memory meanwhile, in bytes. */
  peak: number;
}

export interface ImportCost {
  rows: number;
  imported: Cost;
  /** Of one of the files, since what is kept of both is alike. */
  indexed?: Cost;
  /** Milliseconds of a page of rows that a search finds: of one word, of two, and of the beginning of one. */
  search?: { count: number; median: number; p95: number; longest: number };
  /** Files that an import left behind which was cancelled on its way. */
  left: string[];
}

export interface ImportsResult {
  machine: string;
  cores: number;
  files: Record<string, ImportCost & { bytes: number }>;
}

const whole = (number: number) => Math.round(number).toLocaleString("en");
const megabytes = (bytes: number) => `${whole(bytes / 1e6)} MB`;

export function importsText({ machine, cores, files }: ImportsResult): string {
  const rows = Object.entries(files).map(([kind, { rows, bytes, imported, indexed, search, left }]) =>
    [
      kind,
      whole(rows),
      megabytes(bytes),
      `${whole(rows / imported.seconds)} rows/s`,
      megabytes(imported.peak),
      indexed ? `${whole(rows / indexed.seconds)} rows/s` : "the same",
      indexed ? megabytes(indexed.peak) : "",
      search ? `${whole(search.p95)} ms` : "",
      left.length === 0 ? "nothing" : `${left.length} files`,
    ].join(" | "),
  );
  const head = [
    "file",
    "rows",
    "size",
    "import",
    "most memory",
    "index",
    "most memory",
    "search, p95",
    "left when cancelled",
  ];
  return [
    `Labelled pairs of about 2 KB, from the file to a dataset that is checked and kept, then indexed for search; ${machine}, ${cores} cores`,
    "(`npm run --silent workbench -- imports`).",
    "",
    `| ${head.join(" | ")} |`,
    `| --- |${" ---: |".repeat(head.length - 1)}`,
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}
