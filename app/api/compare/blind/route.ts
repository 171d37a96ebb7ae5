import { z } from "zod";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { askBlind, blindVotes } from "@/lib/runs/compare/blind-votes";
import { blindAsked, blindVotes as blindVotesSchema, runIds, twoRuns } from "@/lib/runs/compare/compare-schema";

const query = z.object({ runs: runIds.pipe(twoRuns) });
const input = z.strictObject({ runs: twoRuns });

/** What people said of two runs' completions without knowing whose they are; null before anybody was asked. */
export const GET = handle("read", { query, answer: blindVotesSchema.nullable() }, ({ query: { runs } }) =>
  blindVotes(runs),
);

/** Makes the pairs of what both answered, to be annotated without names. */
export const POST = handle("review", { body: input, answer: blindAsked }, async ({ body: { runs } }) => {
  await requireAnnotator();
  return retryOnBusyAsync(() => askBlind(runs, Date.now()));
});
