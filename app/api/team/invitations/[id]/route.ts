import { takeBack } from "@/lib/access/invitations";
import { handle } from "@/lib/http/handle";

/** Takes an invitation back: its link is of no use any more. */
export const DELETE = handle<RouteContext<"/api/team/invitations/[id]">>("administer", async (_, { params }) => {
  takeBack(Number((await params).id), Date.now());
  return Response.json(null);
});
