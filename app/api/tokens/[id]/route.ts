import { requireUser } from "@/lib/access/current-user";
import { endToken, tokensOf } from "@/lib/access/tokens";
import { handle } from "@/lib/http/handle";

/** Ends one of one's own tokens. */
export const DELETE = handle<RouteContext<"/api/tokens/[id]">>("signed in", async (_, { params }) => {
  const { id } = await requireUser();
  endToken(id, Number((await params).id));
  return Response.json(tokensOf(id));
});
