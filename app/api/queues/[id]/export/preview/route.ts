import { queueIn } from "@/lib/annotation/queues/require-queue";
import { operations } from "@/lib/api/operations";
import { previewed } from "@/lib/datasets/snapshots/exported";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** How many rows an export has, and the first of them. Not of all records: they would name the models to who has not voted yet. */
export const GET = handle(
  "read",
  operations.previewExport,
  async ({ query: { rows, ...filter } }, { params }: RouteContext<"/api/queues/[id]/export/preview">) => {
    await requireAnnotator();
    const queueId = await queueIn(params);
    return previewed(rows, queueId, filter);
  },
);
