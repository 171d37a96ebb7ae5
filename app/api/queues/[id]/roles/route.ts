import { changePeople, peopleOf } from "@/lib/access/dataset-people";
import { datasetPeople, datasetPeopleChange } from "@/lib/access/dataset-people-schema";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";

/** Whom the dataset is for. */
export const GET = handle(
  "administer",
  { answer: datasetPeople },
  async (_, { params }: RouteContext<"/api/queues/[id]/roles">) =>
    peopleOf({ kind: "annotate", id: await queueIn(params) }),
);

/** Gives somebody a role on the dataset or takes it away, or says whether it is for named people alone. */
export const PATCH = handle(
  "administer",
  { body: datasetPeopleChange, answer: datasetPeople },
  async ({ body: change }, { params }: RouteContext<"/api/queues/[id]/roles">) => {
    const id = await queueIn(params);
    return retryOnBusyAsync(() => changePeople({ kind: "annotate", id }, change));
  },
);
