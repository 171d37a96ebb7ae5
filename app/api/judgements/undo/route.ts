import { requireOpen } from "@/lib/access/dataset-roles";
import { undoLast } from "@/lib/annotation/judging/judge";
import { undoInput, undone } from "@/lib/annotation/judging/judging-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Takes one's last vote in a dataset back; null where there is none. */
export const POST = handle(
  "annotate",
  { body: undoInput, answer: undone.nullable() },
  async ({ body: { key, queueId } }) => {
    const annotator = await requireAnnotator();
    requireOpen({ kind: "annotate", id: queueId }, "annotate");
    return retryOnBusyAsync(() => undoLast(annotator.id, queueId, key, Date.now()));
  },
);
