import { handle } from "@/lib/http/handle";
import { streamChat } from "@/lib/runs/chat";
import { chatInput } from "@/lib/runs/chat-schema";

/** Both answers to the last turn as they grow: a JSON line each time. */
export const POST = handle(
  "write",
  { body: chatInput, answer: ["application/x-ndjson"] },
  async ({ body: input }, { params }: RouteContext<"/api/runs/[id]/chat">) => {
    return new Response(await streamChat((await params).id, input), {
      headers: { "content-type": "application/x-ndjson", "cache-control": "no-store", "x-accel-buffering": "no" },
    });
  },
);
