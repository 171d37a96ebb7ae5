// New points and the run's state as server-sent events. The id is the last point's `seq`, so a reconnect
// (Last-Event-ID) goes on where the browser left off: no gap, no repeat. Who has been away for longer than the newest rows reach is told to
// ask for the curves anew.
import { databaseState } from "@/lib/db/changes";
import { handle } from "@/lib/http/handle";
import { newestPoint, pointsAfter } from "@/lib/runs/curves";
import { runDetail } from "@/lib/runs/run-queries";

const pollMs = 400;
const commentMs = 15_000;
/** Looked at anew where nothing was written either: a runner that is gone writes nothing. */
const anewMs = 3000;

export const GET = handle<RouteContext<"/api/runs/[id]/events">>(async (request, { params }) => {
  const { id } = await params;
  runDetail(id);
  const given = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after");
  return new Response(follow(id, Number(given) || 0, request.signal), {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
});

function follow(id: string, cursor: number, signal: AbortSignal): ReadableStream {
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setInterval> | undefined;
  const end = () => clearInterval(timer);
  return new ReadableStream({
    start(controller) {
      let state = "";
      let seen = { database: "", at: 0 };
      let quietSince = Date.now();
      const write = (text: string) => {
        quietSince = Date.now();
        controller.enqueue(encoder.encode(text));
      };
      const poll = () => {
        try {
          const database = databaseState();
          const isKnown = database === seen.database && Date.now() - seen.at < anewMs;
          if (isKnown && Date.now() - quietSince <= commentMs) return;
          seen = { database, at: Date.now() };
          const points = pointsAfter(id, cursor);
          cursor = points === null ? newestPoint(id) : (points.at(-1)?.seq ?? cursor);
          if (points === null) write(`event: missed\nid: ${cursor}\ndata: {}\n\n`);
          else if (points.length > 0) write(`event: points\nid: ${cursor}\ndata: ${JSON.stringify(points)}\n\n`);
          const run = JSON.stringify(runDetail(id));
          if (run !== state) write(`event: run\ndata: ${run}\n\n`);
          else if (Date.now() - quietSince > commentMs) write(": still here\n\n");
          state = run;
        } catch (error) {
          if (signal.aborted) return end();
          console.error(`events of run ${id}`, error); // a busy database: the next poll tries again
        }
      };
      timer = setInterval(poll, pollMs);
      signal.addEventListener("abort", end, { once: true });
      poll();
    },
    cancel: end,
  });
}
