import { changePeople, peopleOf } from "@/lib/access/dataset-people";
import { datasetPeople, datasetPeopleChange } from "@/lib/access/dataset-people-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";

/** Whom the dataset is for. */
export const GET = handle(
  "administer",
  { answer: datasetPeople },
  async (_, { params }: RouteContext<"/api/labelled/[id]/roles">) =>
    peopleOf({ kind: "labelled", id: liveLabelledOf((await params).id).id }),
);

/** As of datasets that are annotated. */
export const PATCH = handle(
  "administer",
  { body: datasetPeopleChange, answer: datasetPeople },
  async ({ body: change }, { params }: RouteContext<"/api/labelled/[id]/roles">) => {
    const { id } = liveLabelledOf((await params).id);
    return retryOnBusyAsync(() => changePeople({ kind: "labelled", id }, change));
  },
);
