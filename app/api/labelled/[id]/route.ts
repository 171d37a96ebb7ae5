import { labelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { changeLabelled, labelledChange } from "@/lib/datasets/manage/change-labelled";
import { deleteLabelled } from "@/lib/datasets/manage/remove-dataset";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/labelled/[id]">;

export const PATCH = handle<Context>("write", async (request, { params }) => {
  await requireAnnotator();
  const { id } = labelledOf((await params).id);
  const change = await body(request, labelledChange);
  await retryOnBusyAsync(() => changeLabelled(id, change, Date.now()));
  return Response.json({ id });
});

/** It can be restored. */
export const DELETE = handle<Context>("write", async (_, { params }) => {
  await requireAnnotator();
  const { id } = labelledOf((await params).id);
  await retryOnBusyAsync(() => deleteLabelled(id, Date.now()));
  return Response.json({ id });
});
