import { startChecks, stateOfChecks } from "@/lib/data-checks/checks-job";
import { checkInput } from "@/lib/data-checks/checks-schema";
import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { openFindings } from "@/lib/datasets/labelled/versions/open-findings";
import type { LabelledSet } from "@/lib/db/tables/training-sets";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { requireAgainst } from "@/lib/runs/require-against";

type Context = RouteContext<"/api/labelled/[id]/checks">;

const stateOf = (set: LabelledSet) =>
  stateOfChecks({ kind: "labelled", id: set.id }, (report) => openFindings(set, report));

/** What the checks found, or how far they are. */
export const GET = handle<Context>("read", async (_, { params }) =>
  Response.json(stateOf(liveLabelledOf((await params).id))),
);

/** Starts them. */
export const POST = handle<Context>("write", async (request, { params }) => {
  await requireAnnotator();
  const set = liveLabelledOf((await params).id);
  startChecks({ kind: "labelled", id: set.id, name: set.name }, requireAgainst(await body(request, checkInput)));
  return Response.json(stateOf(set));
});
