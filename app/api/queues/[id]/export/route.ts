import { z } from "zod";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { exportFilter } from "@/lib/datasets/snapshots/export-filter";
import { exported } from "@/lib/datasets/snapshots/exported";
import { type ExportName, exporters, exportItemsFor, fileNameOf } from "@/lib/datasets/snapshots/snapshot";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const wanted = z.enum(Object.keys(exporters) as [ExportName, ...ExportName[]]).default("pairs");

const kinds: Partial<Record<ExportName, { ending: string; type: string }>> = {
  csv: { ending: ".csv", type: "text/csv; charset=utf-8" },
  parquet: { ending: ".parquet", type: "application/vnd.apache.parquet" },
  card: { ending: "-README.md", type: "text/markdown; charset=utf-8" },
  "llama-factory-info": { ending: "dataset_info.json", type: "application/json" },
  pairs: { ending: ".jsonl", type: "application/x-ndjson; charset=utf-8" },
};

export const GET = handle<RouteContext<"/api/queues/[id]/export">>("read", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const queueId = await queueIn(params);
  const { rows: given, ...search } = Object.fromEntries(new URL(request.url).searchParams);
  const [rows, filter] = [wanted.parse(given), exportFilter.parse(search)];
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
});
