import { body, handle } from "@/lib/http/handle";
import { dryRun } from "@/lib/runs/preflight";
import { preflightInput } from "@/lib/runs/run-schema";

export const POST = handle("write", async (request) =>
  Response.json(await dryRun(await body(request, preflightInput), Date.now())),
);
