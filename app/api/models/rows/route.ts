import { body, handle } from "@/lib/http/handle";
import { rowsInput } from "@/lib/models/models-schema";
import { rowsInTemplate } from "@/lib/models/with-template";

/** The first rows of a dataset as a model would learn from them with a chat template. */
export const POST = handle("write", async (request) =>
  Response.json(await rowsInTemplate(await body(request, rowsInput), Date.now(), request.signal)),
);
