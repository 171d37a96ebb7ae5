import { body, handle } from "@/lib/http/handle";
import { launchExamined } from "@/lib/runs/preflight";
import { listRuns } from "@/lib/runs/run-queries";
import { launchInput } from "@/lib/runs/run-schema";

export const GET = handle(() => Response.json(listRuns()));
export const POST = handle(async (request) =>
  Response.json(await launchExamined(await body(request, launchInput), Date.now()), { status: 201 }),
);
