import { rowChange } from "@/lib/data-checks/changes-schema";
import { isReady } from "@/lib/datasets/labelled/index-work";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { changeRows } from "@/lib/datasets/labelled/versions/change-rows";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { AppError } from "@/spec/errors";

/** Leaves rows out, takes them in again, masks or mends them, or takes back what a version did: each makes a version. */
export const POST = handle<RouteContext<"/api/labelled/[id]/changes">>(async (request, { params }) => {
  const annotator = await requireAnnotator();
  const set = liveLabelledOf((await params).id);
  const change = await body(request, rowChange);
  if (!(await isReady(set))) throw new AppError(409, "The rows are not indexed yet; GET its index first.");
  return Response.json(await changeRows(set, change, annotator.id, Date.now()));
});
