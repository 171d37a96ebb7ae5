import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { checkInput } from "@/lib/datasets/labelled/versions/checks-schema";
import { startChecks, stateOfChecks } from "@/lib/datasets/labelled/versions/run-checks";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/labelled/[id]/checks">;

/** What the checks found, or how far they are. */
export const GET = handle<Context>(async (_, { params }) =>
  Response.json(stateOfChecks(liveLabelledOf((await params).id))),
);

/** Starts them. */
export const POST = handle<Context>(async (request, { params }) => {
  await requireAnnotator();
  const set = liveLabelledOf((await params).id);
  startChecks(set, (await body(request, checkInput)).against);
  return Response.json(stateOfChecks(set));
});
