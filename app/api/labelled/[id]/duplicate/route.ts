import { labelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { duplicateLabelled } from "@/lib/datasets/manage/change-labelled";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Answers with the copy's id. */
export const POST = handle<RouteContext<"/api/labelled/[id]/duplicate">>("write", async (_, { params }) => {
  await requireAnnotator();
  const { id } = labelledOf((await params).id);
  const copy = await duplicateLabelled(id, Date.now());
  return Response.json({ id: copy.id }, { status: 201 });
});
