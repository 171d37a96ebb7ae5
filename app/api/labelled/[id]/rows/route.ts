import { rowPage, rowsAsked } from "@/lib/datasets/labelled/labelled-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { listRows } from "@/lib/datasets/labelled/list-rows";
import { isIndexed } from "@/lib/datasets/labelled/row-index";
import { handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

/** A page of rows, or of those that a search finds. */
export const GET = handle(
  "read",
  { query: rowsAsked, answer: rowPage },
  async ({ query: asked }, { params }: RouteContext<"/api/labelled/[id]/rows">) => {
    const set = liveLabelledOf((await params).id);
    if (!isIndexed(set.sha256)) throw new AppError(409, "The rows are not indexed yet; GET its index first.");
    return listRows(set, asked);
  },
);
