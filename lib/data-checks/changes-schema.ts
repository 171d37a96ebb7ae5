// What pages know and ask of the versions of a dataset: what people did to its rows or records.
import { z } from "zod";

export const rowActions = ["exclude", "include", "mask", "edit", "undo"] as const;

export const version = z.object({
  number: z.number(),
  action: z.enum(rowActions),
  undoes: z.number().nullable(),
  reason: z.string(),
  changed: z.number(),
  rows: z.number(),
  who: z.string(),
  at: z.number(),
});
export type VersionDto = z.infer<typeof version>;

const reason = z.string().trim().min(1, "Say why.").max(200, "At most 200 characters.");
/** Rows by their lines in the import, records by their numbers, or all that a check found. */
const rows = z.union([
  z.strictObject({ rows: z.array(z.int().min(1)).min(1).max(1_000_000) }),
  z.strictObject({ check: z.string().min(1).max(40) }),
]);
const at = z.array(z.union([z.string(), z.int().min(0)])).min(1);

export const rowChange = z.discriminatedUnion("action", [
  z.strictObject({ action: z.enum(["exclude", "include", "mask"]), of: rows, reason }),
  z.strictObject({
    action: z.literal("edit"),
    row: z.int().min(1),
    texts: z.array(z.strictObject({ at, text: z.string().max(1_000_000) })).min(1),
    reason,
  }),
  z.strictObject({ action: z.literal("undo"), version: z.int().min(2) }),
]);
export type RowChangeInput = z.infer<typeof rowChange>;

/** What a version keeps of why it was made. */
export const whyOf = (change: RowChangeInput): { reason: string; undoes?: number } =>
  change.action === "undo"
    ? { reason: `version ${change.version} undone`, undoes: change.version }
    : { reason: change.reason };

/** What came of it; null where it changed nothing. */
export const rowsChanged = z
  .object({
    number: z.number().nullable(),
    changed: z.number(),
    /** Rows that cannot be as they were to become, each with why; they stay as they are. */
    refused: z.array(z.object({ row: z.number(), reason: z.string() })),
  })
  .meta({ id: "RowsChanged" });
export type RowsChanged = z.infer<typeof rowsChanged>;

/** A text by where it stands in the record, what it is called where that does not say it, and whether it is in a column that nothing reads. */
export const rowText = z.object({ at, text: z.string(), name: z.string().optional(), unused: z.boolean().optional() });
export const rowFinding = z.object({ check: z.string(), detail: z.string() });

/** A row by itself: its texts by where they stand in the record, what was done to it, what the checks found. */
export const rowDetail = z.object({
  id: z.number(),
  excluded: z.boolean(),
  changed: z.boolean(),
  /** As JSON: columns and all. */
  record: z.string(),
  texts: z.array(rowText),
  history: z.array(version),
  findings: z.array(rowFinding),
});
export type RowDetail = z.infer<typeof rowDetail>;
