import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { request } from "@/lib/fetch";
import { answersQuery, pointsQuery, runQuery } from "@/lib/queries";
import type { Point, RunDetail } from "@/lib/runs/schema";

const pollMs = 1500;

/** Adds new points by `seq`. A resumed run repeats steps: what lies at or beyond a new point's step is replaced. */
export function mergePoints(old: Point[], added: Point[]): Point[] {
  const last = old.at(-1)?.seq ?? 0;
  const fresh = added.filter(({ seq }) => seq > last);
  if (fresh.length === 0) return old;
  const first = Math.min(...fresh.map(({ step }) => step));
  return [...old.filter(({ step }) => step < first), ...fresh];
}

/** The run, its points and answers, live over server-sent events; where the stream breaks, by polling. */
export function useLiveRun(id: string) {
  const client = useQueryClient();
  const run = useQuery(runQuery(id));
  const points = useQuery({ ...pointsQuery(id), staleTime: Number.POSITIVE_INFINITY });
  const answers = useQuery(answersQuery(id));

  useEffect(() => {
    const cursor = client.getQueryData(pointsQuery(id).queryKey)?.at(-1)?.seq ?? 0;
    const stream = new EventSource(`/api/runs/${id}/events?after=${cursor}`);
    stream.addEventListener("points", (event) => addPoints(client, id, JSON.parse(event.data)));
    stream.addEventListener("run", (event) => {
      const before = client.getQueryData(runQuery(id).queryKey);
      const now = JSON.parse(event.data) as RunDetail;
      client.setQueryData(runQuery(id).queryKey, now);
      if (!before || hasNewLog(before, now)) void client.invalidateQueries({ queryKey: answersQuery(id).queryKey });
    });
    // The browser reconnects a broken stream by itself; meanwhile, and where it gives up, polling goes on.
    const poll = setInterval(async () => {
      if (stream.readyState === EventSource.OPEN) return;
      const after = client.getQueryData(pointsQuery(id).queryKey)?.at(-1)?.seq ?? 0;
      await request<Point[]>(`/api/runs/${id}/points?after=${after}`).then(
        (added) => addPoints(client, id, added),
        () => undefined,
      );
      await client.invalidateQueries({ queryKey: runQuery(id).queryKey });
    }, pollMs);
    return () => {
      stream.close();
      clearInterval(poll);
    };
  }, [client, id]);

  return { run, points, answers };
}

/** The log grows with notes, checkpoints and the end of a run, not with every step. */
const hasNewLog = (before: RunDetail, now: RunDetail) =>
  before.status !== now.status || before.note !== now.note || before.checkpoints.length !== now.checkpoints.length;

function addPoints(client: QueryClient, id: string, added: Point[]): void {
  client.setQueryData(pointsQuery(id).queryKey, (old) => mergePoints(old ?? [], added));
  if (added.some(({ values }) => values["on_policy/length"] !== undefined))
    void client.invalidateQueries({ queryKey: answersQuery(id).queryKey });
}
