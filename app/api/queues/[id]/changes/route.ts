import { changeRecords } from "@/lib/annotation/data-checks/change-records";
import { queueOf, requirePairs } from "@/lib/annotation/queues/require-queue";
import { changeAsJob } from "@/lib/data-checks/change-job";
import { rowChange, rowsChanged } from "@/lib/data-checks/changes-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import type { Watch } from "@/lib/watch";

/** Leaves records out, takes them in again, masks or edits them, or takes back what a version did: each makes a version. */
export const POST = handle(
  "write",
  { body: rowChange, answer: rowsChanged },
  async ({ body: change }, { params }: RouteContext<"/api/queues/[id]/changes">) => {
    const annotator = await requireAnnotator();
    const queue = queueOf((await params).id);
    if (change.action === "edit") requirePairs(queue.id, [change.row]);
    else if (change.action !== "undo" && "rows" in change.of) requirePairs(queue.id, change.of.rows);
    const { id, name } = queue;
    const of = { kind: "queue", id, name, href: `/datasets/${id}/quality` } as const;
    const work = (watch: Watch) => changeRecords(queue, change, annotator.id, Date.now(), watch);
    return changeAsJob(of, change, work);
  },
);
