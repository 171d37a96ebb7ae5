import { z } from "zod";
import { endpointDto, endpointInput } from "@/lib/endpoints/endpoint-schema";
import { addEndpoint, listEndpoints } from "@/lib/endpoints/endpoints";
import { handle } from "@/lib/http/handle";

/** Servers of others that may be asked; of their keys only whether they are there. */
export const GET = handle("write", { answer: z.array(endpointDto) }, () => listEndpoints());

/** Adds an endpoint. */
export const POST = handle(
  "write",
  { body: endpointInput, answer: z.array(endpointDto), status: 201 },
  async ({ body }) => {
    addEndpoint(body, Date.now());
    return listEndpoints();
  },
);
