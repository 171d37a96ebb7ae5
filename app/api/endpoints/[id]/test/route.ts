import { endpointHeard } from "@/lib/endpoints/endpoint-schema";
import { endpointOf } from "@/lib/endpoints/endpoints";
import { tryEndpoint } from "@/lib/endpoints/try-endpoint";
import { handle } from "@/lib/http/handle";

/** Asks it for its models or for one token, and tells what answered. */
export const POST = handle(
  "write",
  { answer: endpointHeard },
  async (_, { params }: RouteContext<"/api/endpoints/[id]/test">) =>
    Response.json({ heard: await tryEndpoint(endpointOf(Number((await params).id))) }),
);
