import { endpointOf } from "@/lib/endpoints/endpoints";
import { tryEndpoint } from "@/lib/endpoints/try-endpoint";
import { handle } from "@/lib/http/handle";

/** Asks it for its models or for one token, and tells what answered. */
export const POST = handle<RouteContext<"/api/endpoints/[id]/test">>("write", async (_, { params }) => {
  return Response.json({ heard: await tryEndpoint(endpointOf(Number((await params).id))) });
});
