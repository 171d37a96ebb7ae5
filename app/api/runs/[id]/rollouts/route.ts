import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";
import { rolloutsOf } from "@/lib/runs/run-rollouts";
import { runRollouts } from "@/lib/runs/run-schema";

const query = z.object({ step: z.coerce.number().int().min(0).nullable().default(null) });

/** Completions that an update learned from, token by token. */
export const GET = handle(
  "read",
  { query, answer: runRollouts },
  async ({ query: { step } }, { params }: RouteContext<"/api/runs/[id]/rollouts">) =>
    rolloutsOf(requireRun((await params).id).id, step),
);
