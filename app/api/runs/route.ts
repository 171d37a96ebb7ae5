import { z } from "zod";
import { body, handle } from "@/lib/http/handle";
import { listRuns } from "@/lib/runs/list-runs";
import { launchExamined } from "@/lib/runs/preflight";
import { launchInput } from "@/lib/runs/run-schema";

const wanted = z.object({ newest: z.coerce.number().int().min(1).optional() });

export const GET = handle((request) => {
  const { newest } = wanted.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(listRuns(newest));
});
export const POST = handle(async (request) =>
  Response.json(await launchExamined(await body(request, launchInput), Date.now()), { status: 201 }),
);
