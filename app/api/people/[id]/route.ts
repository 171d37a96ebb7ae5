import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { enterInput } from "@/lib/people/people-schema";
import { rename } from "@/lib/people/rename";
import { requirePerson } from "@/lib/people/require-person";

/** Renames anybody: on one's own machine every name is there for everybody to choose. */
export const PATCH = handle<RouteContext<"/api/people/[id]">>("administer", async (request, { params }) => {
  await requireAnnotator();
  const { name } = await body(request, enterInput);
  const { id } = requirePerson((await params).id);
  return Response.json(await rename(id, name));
});
