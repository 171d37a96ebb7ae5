import { changeAsJob } from "@/lib/data-checks/change-job";
import { rowChange, rowsChanged } from "@/lib/data-checks/changes-schema";
import { isReady } from "@/lib/datasets/labelled/index-work";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { changeRows } from "@/lib/datasets/labelled/versions/change-rows";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import type { Watch } from "@/lib/watch";
import { AppError } from "@/spec/errors";

/** Leaves rows out, takes them in again, masks or mends them, or takes back what a version did: each makes a version. */
export const POST = handle(
  "write",
  { body: rowChange, answer: rowsChanged },
  async ({ body: change }, { params }: RouteContext<"/api/labelled/[id]/changes">) => {
    const annotator = await requireAnnotator();
    const set = liveLabelledOf((await params).id);
    if (!(await isReady(set))) throw new AppError(409, "The rows are not indexed yet; GET its index first.");
    const { id, name } = set;
    const of = { kind: "labelled", id, name, href: `/datasets/labelled/${id}/quality` } as const;
    const work = (watch: Watch) => changeRows(set, change, annotator.id, Date.now(), watch);
    return changeAsJob(of, change, work);
  },
);
