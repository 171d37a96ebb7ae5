import { handle } from "@/lib/http/handle";
import { rowsInput } from "@/lib/models/models-schema";
import { rowsInTemplate } from "@/lib/models/with-template";
import { renderedRows } from "@/spec/reports";

/** The first rows of a dataset as a model would learn from them with a chat template. */
export const POST = handle("write", { body: rowsInput, answer: renderedRows }, ({ request, body }) =>
  rowsInTemplate(body, Date.now(), request.signal),
);
