import { liveLabelledOf } from "@/lib/datasets/labelled/labelled-sets";
import { checkInput } from "@/lib/datasets/labelled/versions/checks-schema";
import { startChecks, stateOfChecks } from "@/lib/datasets/labelled/versions/run-checks";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { requireAllowedPath } from "@/lib/runs/allowed";

type Context = RouteContext<"/api/labelled/[id]/checks">;

/** What the checks found, or how far they are. */
export const GET = handle<Context>(async (_, { params }) =>
  Response.json(stateOfChecks(liveLabelledOf((await params).id))),
);

/** Starts them. */
export const POST = handle<Context>(async (request, { params }) => {
  await requireAnnotator();
  const set = liveLabelledOf((await params).id);
  const { against } = await body(request, checkInput);
  startChecks(
    set,
    against.map((one) => (isDataset(one) ? one : requireAllowedPath("against", one))),
  );
  return Response.json(stateOfChecks(set));
});

const isDataset = (name: string): boolean => /^(labelled|queue):\d+$|^sample:/.test(name);
