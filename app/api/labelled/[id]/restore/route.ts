import { labelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { datasetId } from "@/lib/datasets/manage/manage-schema";
import { restoreLabelled } from "@/lib/datasets/manage/remove-dataset";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Takes back that a labelled dataset was deleted. */
export const POST = handle(
  "write",
  { answer: datasetId },
  async (_, { params }: RouteContext<"/api/labelled/[id]/restore">) => {
    await requireAnnotator();
    const { id } = labelledOf((await params).id);
    await retryOnBusyAsync(() => restoreLabelled(id));
    return { id };
  },
);
