import { changePeople, peopleOf } from "@/lib/access/dataset-people";
import { datasetPeopleChange } from "@/lib/access/dataset-people-schema";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";

export const GET = handle<RouteContext<"/api/queues/[id]/roles">>("administer", async (_, { params }) =>
  Response.json(peopleOf({ kind: "annotate", id: await queueIn(params) })),
);

/** Gives somebody a role on the dataset or takes it away, or says whether it is for named people alone. */
export const PATCH = handle<RouteContext<"/api/queues/[id]/roles">>("administer", async (request, { params }) => {
  const id = await queueIn(params);
  const change = await body(request, datasetPeopleChange);
  return Response.json(await retryOnBusyAsync(() => changePeople({ kind: "annotate", id }, change)));
});
