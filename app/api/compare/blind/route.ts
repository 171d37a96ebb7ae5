import { z } from "zod";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { askBlind, blindVotes } from "@/lib/runs/compare/blind-votes";
import { runIds, twoRuns } from "@/lib/runs/compare/compare-schema";

const query = z.object({ runs: runIds.pipe(twoRuns) });
const input = z.strictObject({ runs: twoRuns });

export const GET = handle("read", (request) => {
  const { runs } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(blindVotes(runs));
});

/** Makes the pairs of what both answered, to be annotated without names. */
export const POST = handle("review", async (request) => {
  await requireAnnotator();
  const { runs } = await body(request, input);
  return Response.json(await retryOnBusyAsync(() => askBlind(runs, Date.now())));
});
