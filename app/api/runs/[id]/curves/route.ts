import { handle } from "@/lib/http/handle";
import { curvesOf } from "@/lib/runs/curves";
import { requireRun } from "@/lib/runs/require-run";
import { curves, curvesInput } from "@/lib/runs/run-schema";

/** A run's metrics, downsampled for a chart with their extremes kept. */
export const GET = handle(
  "read",
  { query: curvesInput, answer: curves },
  async ({ query: view }, { params }: RouteContext<"/api/runs/[id]/curves">) =>
    curvesOf(requireRun((await params).id).id, view),
);
