import { handle } from "@/lib/http";
import { getQueue } from "@/lib/queues/queries";
import { exportQueue } from "@/lib/snapshots/store";

export const GET = handle<RouteContext<"/api/queues/[id]/export">>(async (_, { params }) => {
  const queue = getQueue(Number((await params).id), 0);
  const file = `${queue.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.jsonl`;
  return new Response(exportQueue(queue.id), {
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      "content-disposition": `attachment; filename="${file}"`,
    },
  });
});
