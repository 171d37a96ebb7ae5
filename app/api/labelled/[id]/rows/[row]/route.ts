import { rowDetail } from "@/lib/data-checks/changes-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { isIndexed } from "@/lib/datasets/labelled/row-index";
import { detailOf } from "@/lib/datasets/labelled/versions/row-detail";
import { handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

/** A row by its line in the import: texts, history, findings. */
export const GET = handle(
  "read",
  { answer: rowDetail },
  async (_, { params }: RouteContext<"/api/labelled/[id]/rows/[row]">) => {
    const { id, row } = await params;
    const set = liveLabelledOf(id);
    if (!isIndexed(set.sha256)) throw new AppError(409, "The rows are not indexed yet; GET its index first.");
    if (!/^[1-9]\d{0,9}$/.test(row)) throw new AppError(404, `There is no row ${row}.`);
    return detailOf(set, Number(row));
  },
);
