import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";
import { logOf } from "@/lib/runs/run-log";
import { runLog } from "@/lib/runs/run-schema";

/** What a run reported and what its process printed, oldest first. */
export const GET = handle("read", { answer: runLog }, async (_, { params }: RouteContext<"/api/runs/[id]/log">) =>
  logOf(requireRun((await params).id)),
);
