import { rowsAsked } from "@/lib/datasets/labelled/labelled-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { listRows } from "@/lib/datasets/labelled/list-rows";
import { isIndexed } from "@/lib/datasets/labelled/row-index";
import { handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

/** A page of rows, or of those that a search finds. */
export const GET = handle<RouteContext<"/api/labelled/[id]/rows">>("read", async (request, { params }) => {
  const set = liveLabelledOf((await params).id);
  const asked = rowsAsked.parse(Object.fromEntries(new URL(request.url).searchParams));
  if (!isIndexed(set.sha256)) throw new AppError(409, "The rows are not indexed yet; GET its index first.");
  return Response.json(await listRows(set, asked));
});
