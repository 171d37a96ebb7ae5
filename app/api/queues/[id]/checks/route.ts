import { openRecords } from "@/lib/annotation/data-checks/record-versions";
import { queueOf } from "@/lib/annotation/queues/require-queue";
import { startChecks, stateOfChecks } from "@/lib/data-checks/checks-job";
import { checkInput, checksState } from "@/lib/data-checks/checks-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { requireAgainst } from "@/lib/runs/require-against";

type Context = RouteContext<"/api/queues/[id]/checks">;

const stateOf = (id: number) => stateOfChecks({ kind: "queue", id }, (report) => openRecords(id, report));

/** What the checks found, or how far they are. */
export const GET = handle("read", { answer: checksState }, async (_, { params }: Context) =>
  stateOf(queueOf((await params).id).id),
);

/** Starts them. */
export const POST = handle(
  "write",
  { body: checkInput, answer: checksState },
  async ({ body }, { params }: Context) => {
    await requireAnnotator();
    const { id, name } = queueOf((await params).id);
    startChecks({ kind: "queue", id, name }, requireAgainst(body));
    return stateOf(id);
  },
);
