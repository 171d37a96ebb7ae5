import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";
import { samplesOf } from "@/lib/runs/run-samples";
import { runSamples } from "@/lib/runs/run-schema";

/** A run's sample completions and distributions. */
export const GET = handle(
  "read",
  { answer: runSamples },
  async (_, { params }: RouteContext<"/api/runs/[id]/answers">) => samplesOf(requireRun((await params).id).id),
);
