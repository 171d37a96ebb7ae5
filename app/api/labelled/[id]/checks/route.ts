import { startChecks, stateOfChecks } from "@/lib/data-checks/checks-job";
import { checkInput, checksState } from "@/lib/data-checks/checks-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { openFindings } from "@/lib/datasets/labelled/versions/open-findings";
import type { LabelledSet } from "@/lib/db/tables/training-sets";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { requireAgainst } from "@/lib/runs/require-against";

type Context = RouteContext<"/api/labelled/[id]/checks">;

const stateOf = (set: LabelledSet) =>
  stateOfChecks({ kind: "labelled", id: set.id }, (report) => openFindings(set, report));

/** What the checks found, or how far they are. */
export const GET = handle("read", { answer: checksState }, async (_, { params }: Context) =>
  stateOf(liveLabelledOf((await params).id)),
);

/** Starts them. */
export const POST = handle(
  "write",
  { body: checkInput, answer: checksState },
  async ({ body }, { params }: Context) => {
    await requireAnnotator();
    const set = liveLabelledOf((await params).id);
    startChecks({ kind: "labelled", id: set.id, name: set.name }, requireAgainst(body));
    return stateOf(set);
  },
);
