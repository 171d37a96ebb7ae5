// Exports without anybody waiting for them who asked for something else: of fifty thousand rows they take seconds, and are written by a
// program of its own.
import "server-only";
import { tallyOf } from "../../annotation/judging/tally";
import { reportOf, workbenchBytes } from "../../jobs/workbench";
import { previewOf } from "./export-counts";
import { type ExportFilter, type ExportName, type ExportPreview, exportPreview } from "./export-filter";
import { exporters } from "./snapshot";

/** Rows up to which they are written at once: some tens of milliseconds. */
const few = 2000;

/** Labels that came with the file are no votes, but are written as well. */
function isSmall(rows: ExportName, queueId: number): boolean {
  const { votes, decided, tasks, gold } = tallyOf(queueId);
  return Math.max(votes, decided, rows === "items" ? tasks.length + gold.length : 0) <= few;
}

export const exported = async (
  rows: ExportName,
  queueId: number,
  filter: ExportFilter,
): Promise<string | Uint8Array<ArrayBuffer>> =>
  isSmall(rows, queueId)
    ? exporters[rows](queueId, filter)
    : workbenchBytes(["export", String(queueId)], { entry: "lib/cli.ts", options: { rows, ...asOptions(filter) } });

/** What an export would hold. */
export const previewed = async (rows: ExportName, queueId: number, filter: ExportFilter): Promise<ExportPreview> =>
  isSmall(rows, queueId)
    ? previewOf(rows, queueId, filter)
    : reportOf(exportPreview, ["export", String(queueId)], {
        entry: "lib/cli.ts",
        options: { rows, as: "preview", ...asOptions(filter) },
      });

const asOptions = ({ strength, raters, probability, records }: ExportFilter): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      "min-strength": strength,
      "min-raters": raters,
      "min-probability": probability,
      records: records || undefined,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
