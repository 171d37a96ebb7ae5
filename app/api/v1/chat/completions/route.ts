import { body, handle } from "@/lib/http/handle";
import { answerRequest, apiRequest } from "@/lib/openai/answer-request";

/** OpenAI's API. */
export const POST = handle("write", async (request) =>
  answerRequest("/chat/completions", await body(request, apiRequest), request.signal),
);
