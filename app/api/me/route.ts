import { body, handle } from "@/lib/http/handle";
import { currentAnnotator, enter, requireAnnotator, signOut } from "@/lib/people/current-annotator";
import { enterInput } from "@/lib/people/people-schema";
import { rename } from "@/lib/people/rename";

export const GET = handle(async () => Response.json(await currentAnnotator()));

export const POST = handle(async (request) => {
  const { name } = await body(request, enterInput);
  return Response.json(await enter(name, Date.now()));
});

export const PATCH = handle(async (request) => {
  const { id } = await requireAnnotator();
  const { name } = await body(request, enterInput);
  return Response.json(await rename(id, name));
});

export const DELETE = handle(async () => {
  await signOut();
  return Response.json(null);
});
