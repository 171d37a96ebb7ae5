import { z } from "zod";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { exportFilter, exportPreview } from "@/lib/datasets/snapshots/export-filter";
import { previewed } from "@/lib/datasets/snapshots/exported";
import { type ExportName, exporters } from "@/lib/datasets/snapshots/snapshot";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const names = Object.keys(exporters).filter((name) => name !== "items") as [ExportName, ...ExportName[]];
const query = exportFilter.extend({ rows: z.enum(names).default("pairs") });

/** How many rows an export has, and the first of them. Not of all records: they would name the models to who has not voted yet. */
export const GET = handle(
  "read",
  { query, answer: exportPreview },
  async ({ query: { rows, ...filter } }, { params }: RouteContext<"/api/queues/[id]/export/preview">) => {
    await requireAnnotator();
    const queueId = await queueIn(params);
    return previewed(rows, queueId, filter);
  },
);
