import { handle } from "@/lib/http/handle";
import { listServed } from "@/lib/openai/list-served";

/** OpenAI's API. */
export const GET = handle("read", async () => Response.json(await listServed(Date.now())));
