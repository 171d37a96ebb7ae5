import { endpointChange } from "@/lib/endpoints/endpoint-schema";
import { changeEndpoint, listEndpoints, removeEndpoint } from "@/lib/endpoints/endpoints";
import { body, handle } from "@/lib/http/handle";

export const PATCH = handle<RouteContext<"/api/endpoints/[id]">>("write", async (request, { params }) => {
  changeEndpoint(Number((await params).id), await body(request, endpointChange));
  return Response.json(listEndpoints());
});

/** Nothing offers it from then on; what it said and cost stays. */
export const DELETE = handle<RouteContext<"/api/endpoints/[id]">>("write", async (_, { params }) => {
  removeEndpoint(Number((await params).id), Date.now());
  return Response.json(listEndpoints());
});
