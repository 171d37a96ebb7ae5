import { handle } from "@/lib/http/handle";
import { cancelJob } from "@/lib/jobs/background";
import { job, jobAction } from "@/lib/jobs/job-schema";

/** Cancels what a program does; a run is stopped under its own address. */
export const PATCH = handle(
  "write",
  { body: jobAction, answer: job },
  async (_, { params }: RouteContext<"/api/jobs/[id]">) => cancelJob((await params).id),
);
