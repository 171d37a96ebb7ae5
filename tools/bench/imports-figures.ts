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

/** Of masking many rows at once. */
export interface MaskCost extends Cost {
  rows: number;
  /** How often it said how far it was. */
  said: number;
  /** Milliseconds that others waited for the process meanwhile. */
  waited: { p99: number; longest: number };
}

export interface ImportsResult {
  machine: string;
  cores: number;
  files: Record<string, ImportCost & { bytes: number }>;
  masked?: Record<"records" | "undone" | "labelled", MaskCost>;
}

const whole = (number: number) => Math.round(number).toLocaleString("en");
const maskedRow = ({ rows, seconds, peak, waited }: MaskCost): string =>
  [
    ...[whole(rows), `${whole(seconds)} s`, whole(rows / seconds), megabytes(peak)],
    ...[`${whole(waited.p99)} ms`, `${whole(waited.longest)} ms`],
  ].join(" | ");
const megabytes = (bytes: number) => `${whole(bytes / 1e6)} MB`;

const masking = {
  records: "records of people who annotate",
  undone: "undo of that",
  labelled: "rows that came with labels",
} as const;

export function importsText({ machine, cores, files, masked }: ImportsResult): string {
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
    ...(masked ? maskingText(masked) : []),
  ].join("\n");
}

const maskingText = (masked: NonNullable<ImportsResult["masked"]>): string[] => [
  "",
  "Private data in every row masked at once, on the same machine; others wait so long for the process meanwhile.",
  "",
  "| | rows | time | rows/s | most memory | wait, p99 | longest wait |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
  ...Object.entries(masking).map(
    ([name, words]) => `| ${words} | ${maskedRow(masked[name as keyof typeof masking])} |`,
  ),
];
