import { handle } from "@/lib/http/handle";
import { answerRequest, apiRequest } from "@/lib/openai/answer-request";

/** OpenAI's API. */
export const POST = handle(
  "write",
  { body: apiRequest, answer: ["application/json", "text/event-stream"] },
  async ({ request, body }) => answerRequest("/chat/completions", body, request.signal),
);
