import { fillState, startFilling } from "@/lib/generation/fill";
import { fillInput } from "@/lib/generation/fill-schema";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

export const GET = handle("read", () => Response.json(fillState()));

export const POST = handle("write", async (request) => {
  await requireAnnotator();
  return Response.json(await startFilling(await body(request, fillInput), Date.now()));
});
