import { body, handle } from "@/lib/http/handle";
import { currentAnnotator, enter } from "@/lib/people/current-annotator";
import { enterInput } from "@/lib/people/people-schema";

export const GET = handle(async () => Response.json(await currentAnnotator()));

export const POST = handle(async (request) => {
  const { name } = await body(request, enterInput);
  return Response.json(await enter(name, Date.now()));
});
