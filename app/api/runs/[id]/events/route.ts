// The id of an event is the last point's `seq`, so a reconnect (Last-Event-ID) goes on where the browser left off: no gap, no repeat.
import { operations } from "@/lib/api/operations";
import { handle } from "@/lib/http/handle";
import { log } from "@/lib/logging/log";
import { followRun, type News } from "@/lib/runs/follow-run";

/** Each of the two databases is looked at every other time. */
const lookMs = 200;
const commentMs = 15_000;

/** New points and the run's state as server-sent events. */
export const GET = handle(
  "read",
  operations.events,
  async ({ request, query: { after } }, { params }: RouteContext<"/api/runs/[id]/events">) => {
    const { id } = await params;
    const given = Number(request.headers.get("last-event-id")) || after;
    return new Response(eventsOf(id, followRun(id, given), request.signal), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      },
    });
  },
);

function eventsOf(id: string, look: () => News[], signal: AbortSignal): ReadableStream {
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setInterval> | undefined;
  const end = () => clearInterval(timer);
  return new ReadableStream({
    start(controller) {
      let quietSince = Date.now();
      const write = (text: string) => {
        quietSince = Date.now();
        controller.enqueue(encoder.encode(text));
      };
      const tell = () => {
        try {
          for (const news of look()) write(asEvent(news));
          if (Date.now() - quietSince > commentMs) write(": still here\n\n");
        } catch (error) {
          if (signal.aborted) return end();
          log().warn({ err: error }, `events of run ${id}`); // a busy database: the next look tries again
        }
      };
      timer = setInterval(tell, lookMs);
      signal.addEventListener("abort", end, { once: true });
      tell();
    },
    cancel: end,
  });
}

const asEvent = (news: News): string =>
  [
    `event: ${news.event}`,
    ...("cursor" in news ? [`id: ${news.cursor}`] : []),
    `data: ${JSON.stringify("data" in news ? news.data : {})}\n\n`,
  ].join("\n");
