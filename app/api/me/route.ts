import { currentAnnotator, enter } from "@/lib/annotators/queries";
import { enterInput } from "@/lib/annotators/schema";
import { body, handle } from "@/lib/http";

export const GET = handle(async () => Response.json(await currentAnnotator()));

export const POST = handle(async (request) => {
  const { name } = await body(request, enterInput);
  return Response.json(await enter(name, Date.now()));
});
