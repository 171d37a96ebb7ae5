import { labelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { changeLabelled, labelledChange } from "@/lib/datasets/manage/change-labelled";
import { datasetId } from "@/lib/datasets/manage/manage-schema";
import { deleteLabelled } from "@/lib/datasets/manage/remove-dataset";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/labelled/[id]">;

/** Renames or archives a dataset that came with labels. */
export const PATCH = handle(
  "write",
  { body: labelledChange, answer: datasetId },
  async ({ body: change }, { params }: Context) => {
    await requireAnnotator();
    const { id } = labelledOf((await params).id);
    await retryOnBusyAsync(() => changeLabelled(id, change, Date.now()));
    return { id };
  },
);

/** It can be restored. */
export const DELETE = handle("write", { answer: datasetId }, async (_, { params }: Context) => {
  await requireAnnotator();
  const { id } = labelledOf((await params).id);
  await retryOnBusyAsync(() => deleteLabelled(id, Date.now()));
  return { id };
});
