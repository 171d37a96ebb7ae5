import { changePeople, peopleOf } from "@/lib/access/dataset-people";
import { datasetPeopleChange } from "@/lib/access/dataset-people-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";

export const GET = handle<RouteContext<"/api/labelled/[id]/roles">>("administer", async (_, { params }) =>
  Response.json(peopleOf({ kind: "labelled", id: liveLabelledOf((await params).id).id })),
);

/** As of datasets that are annotated. */
export const PATCH = handle<RouteContext<"/api/labelled/[id]/roles">>("administer", async (request, { params }) => {
  const { id } = liveLabelledOf((await params).id);
  const change = await body(request, datasetPeopleChange);
  return Response.json(await retryOnBusyAsync(() => changePeople({ kind: "labelled", id }, change)));
});
