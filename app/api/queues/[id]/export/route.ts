import { z } from "zod";
import { handle } from "@/lib/http";
import { getQueue } from "@/lib/queues/queries";
import { type ExportName, exporters } from "@/lib/snapshots/store";

const wanted = z.enum(Object.keys(exporters) as [ExportName, ...ExportName[]]).default("pairs");

export const GET = handle<RouteContext<"/api/queues/[id]/export">>(async (request, { params }) => {
  const queue = getQueue(Number((await params).id), 0);
  const rows = wanted.parse(new URL(request.url).searchParams.get("rows") ?? undefined);
  const file = `${queue.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}${rows === "pairs" || rows === "csv" ? "" : `-${rows}`}.${rows === "csv" ? "csv" : "jsonl"}`;
  return new Response(exporters[rows](queue.id), {
    headers: {
      "content-type": `${rows === "csv" ? "text/csv" : "application/x-ndjson"}; charset=utf-8`,
      "content-disposition": `attachment; filename="${file}"`,
    },
  });
});
