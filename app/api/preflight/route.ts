import { body, handle } from "@/lib/http";
import { preflight } from "@/lib/runs/preflight";
import { preflightInput } from "@/lib/runs/schema";

export const POST = handle(async (request) =>
  Response.json(await preflight(await body(request, preflightInput), Date.now())),
);
