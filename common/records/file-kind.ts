// What a file is, by its first bytes: names lie.

export const binaryKinds = ["parquet", "arrow"] as const;
export type BinaryKind = (typeof binaryKinds)[number];

const begins = (head: Buffer, text: string) => head.subarray(0, text.length).equals(Buffer.from(text, "latin1"));

/** Parquet, Arrow as a file or as a stream, whose first message follows its length; null for text. */
export function binaryKind(head: Buffer): BinaryKind | null {
  if (begins(head, "PAR1")) return "parquet";
  return begins(head, "ARROW1") || begins(head, "\xff\xff\xff\xff") ? "arrow" : null;
}

const refused: [string, string][] = [
  ["PK\x03\x04", "is a zip or Excel file; save its table as CSV (UTF-8), or unpack it"],
  ["\xfd7zXZ", "is packed with xz; unpack it, or pack it with gzip or Zstandard"],
  ["BZh", "is packed with bzip2; unpack it, or pack it with gzip or Zstandard"],
  ["7z\xbc\xaf", "is a 7z archive; unpack it"],
  ["FEA1", "is a Feather file of version 1; save it again with version 2 (Arrow)"],
  ["SQLite format 3", "is a SQLite database; save its table as CSV or JSON lines"],
  ["%PDF", "is a PDF; rows are expected as JSON lines, CSV, Parquet or Arrow"],
  ["\x80\x04\x95", "is a Python pickle; save the rows as JSON lines or Parquet"],
  ["\xff\xfe\x00\x00", "is UTF-32; save it as UTF-8"],
  ["\x00\x00\xfe\xff", "is UTF-32; save it as UTF-8"],
];

/** Why a file of another kind cannot be read. */
export const whyRefused = (head: Buffer): string | undefined => refused.find(([mark]) => begins(head, mark))?.[1];
