import { handle } from "@/lib/http/handle";
import { listServed, servedModels } from "@/lib/openai/list-served";

/** OpenAI's API. */
export const GET = handle("read", { answer: servedModels }, () => listServed(Date.now()));
