import { z } from "zod";
import { endpointChange, endpointDto } from "@/lib/endpoints/endpoint-schema";
import { changeEndpoint, listEndpoints, removeEndpoint } from "@/lib/endpoints/endpoints";
import { handle } from "@/lib/http/handle";

/** Changes an endpoint. */
export const PATCH = handle(
  "write",
  { body: endpointChange, answer: z.array(endpointDto) },
  async ({ body }, { params }: RouteContext<"/api/endpoints/[id]">) => {
    changeEndpoint(Number((await params).id), body);
    return listEndpoints();
  },
);

/** Nothing offers it from then on; what it said and cost stays. */
export const DELETE = handle(
  "write",
  { answer: z.array(endpointDto) },
  async (_, { params }: RouteContext<"/api/endpoints/[id]">) => {
    removeEndpoint(Number((await params).id), Date.now());
    return listEndpoints();
  },
);
