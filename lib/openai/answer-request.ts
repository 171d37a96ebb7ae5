// A request of OpenAI's API, handed on to the server that holds the model which it names.
import "server-only";
import { z } from "zod";
import { servedModel } from "../runs/served-model";
import { askServer } from "../serving/warm-server";

/** The rest is `workbench serve`'s to understand. */
export const apiRequest = z.looseObject({ model: z.string().min(1).max(4096) });

export const answerRequest = (
  path: string,
  request: z.infer<typeof apiRequest>,
  signal: AbortSignal,
): Promise<Response> => askServer(servedModel(request.model), path, request, signal);
