import { z } from "zod";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { changeRuns } from "@/lib/runs/change-runs";
import { moveInQueue } from "@/lib/runs/move-in-queue";
import { runDetail } from "@/lib/runs/run-detail";
import {
  placeInQueue,
  type RunAction,
  runAction,
  runChange,
  runDetail as runDetailSchema,
} from "@/lib/runs/run-schema";
import { requestResume, requestStop } from "@/lib/runs/stop-and-resume";

/** A run. */
export const GET = handle("read", { answer: runDetailSchema }, async (_, { params }: RouteContext<"/api/runs/[id]">) =>
  runDetail((await params).id),
);

/** Asks a run to stop, to go on or to take another place in the queue, or changes what people wrote on it. */
export const PATCH = handle(
  "write",
  { body: z.union([runAction, placeInQueue, runChange]), answer: runDetailSchema },
  async ({ body: asked }, { params }: RouteContext<"/api/runs/[id]">) => {
    const { id } = await params;
    await retryOnBusyAsync(() => {
      if ("action" in asked) act(id, asked.action);
      else if ("place" in asked) moveInQueue(id, asked.place - 1);
      else changeRuns([id], asked);
    });
    return runDetail(id);
  },
);

function act(id: string, action: RunAction): void {
  if (action === "stop" || action === "stop-now") requestStop(id, action === "stop-now");
  else if (action === "resume" || action === "resume-changed") requestResume(id, action === "resume-changed");
  else moveInQueue(id, action);
}
