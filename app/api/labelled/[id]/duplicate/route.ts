import { labelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { duplicateLabelled } from "@/lib/datasets/manage/change-labelled";
import { datasetId } from "@/lib/datasets/manage/manage-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Answers with the copy's id. */
export const POST = handle(
  "write",
  { answer: datasetId, status: 201 },
  async (_, { params }: RouteContext<"/api/labelled/[id]/duplicate">) => {
    await requireAnnotator();
    const { id } = labelledOf((await params).id);
    const copy = await duplicateLabelled(id, Date.now());
    return { id: copy.id };
  },
);
