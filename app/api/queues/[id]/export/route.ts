import { queueIn } from "@/lib/annotation/queues/require-queue";
import { operations } from "@/lib/api/operations";
import type { ExportName } from "@/lib/datasets/snapshots/export-filter";
import { exported } from "@/lib/datasets/snapshots/exported";
import { exportItemsFor, fileNameOf } from "@/lib/datasets/snapshots/snapshot";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const kinds: Partial<Record<ExportName, { ending: string; type: string }>> = {
  csv: { ending: ".csv", type: "text/csv; charset=utf-8" },
  parquet: { ending: ".parquet", type: "application/vnd.apache.parquet" },
  card: { ending: "-README.md", type: "text/markdown; charset=utf-8" },
  "llama-factory-info": { ending: "dataset_info.json", type: "application/json" },
  pairs: { ending: ".jsonl", type: "application/x-ndjson; charset=utf-8" },
};

/** The annotated dataset as a file, in the form that `rows` names. */
export const GET = handle(
  "read",
  operations.exportDataset,
  async ({ query: { rows, ...filter } }, { params }: RouteContext<"/api/queues/[id]/export">) => {
    const annotator = await requireAnnotator();
    const queueId = await queueIn(params);
    const { ending, type } = kinds[rows] ?? { ending: `-${rows}.jsonl`, type: "application/x-ndjson; charset=utf-8" };
    return new Response(
      rows === "items" ? exportItemsFor(annotator.id, queueId) : await exported(rows, queueId, filter),
      {
        headers: {
          "content-type": type,
          "content-disposition": `attachment; filename="${rows === "llama-factory-info" ? "" : fileNameOf(queueId)}${ending}"`,
        },
      },
    );
  },
);
