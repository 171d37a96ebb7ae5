import { endpointInput } from "@/lib/endpoints/endpoint-schema";
import { addEndpoint, listEndpoints } from "@/lib/endpoints/endpoints";
import { body, handle } from "@/lib/http/handle";

/** Servers of others that may be asked; of their keys only whether they are there. */
export const GET = handle("write", () => Response.json(listEndpoints()));

export const POST = handle("write", async (request) => {
  addEndpoint(await body(request, endpointInput), Date.now());
  return Response.json(listEndpoints(), { status: 201 });
});
