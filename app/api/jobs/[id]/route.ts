import { body, handle } from "@/lib/http/handle";
import { cancelJob } from "@/lib/jobs/background";
import { jobAction } from "@/lib/jobs/job-schema";

/** Cancels what a program does; a run is stopped under its own address. */
export const PATCH = handle<RouteContext<"/api/jobs/[id]">>("write", async (request, { params }) => {
  await body(request, jobAction);
  return Response.json(cancelJob((await params).id));
});
