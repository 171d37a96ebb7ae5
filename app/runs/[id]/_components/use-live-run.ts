import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { z } from "zod";
import { curvesQuery, fetchCurves, runQuery, samplesQuery } from "@/app/_client/queries";
import type { DrawnLine } from "@/lib/runs/compare/compare-schema";
import { type Curves, type Point, point, type RunDetail, runDetail } from "@/lib/runs/run-schema";
import type { MetricName } from "@/spec/metrics/catalogue";

const pollMs = 1500;
/** Points added before the curves are fetched again, so that a tab's memory does not grow with the run. */
const mostAdded = 400;

/** The curves with the points after `seq` appended. */
export function addPoints(curves: Curves, points: Point[]): Curves {
  const fresh = points.filter(({ seq }) => seq > curves.seq);
  if (fresh.length === 0) return curves;
  const lines = { ...curves.lines };
  for (const { step, values } of fresh)
    for (const [name, y] of Object.entries(values) as [MetricName, number | null][])
      if (y !== null && !name.endsWith("_se"))
        lines[name] = longer(lines[name], step, y, values[`${name}_se` as MetricName]);
  return { seq: fresh.at(-1)!.seq, lines, added: curves.added + fresh.length };
}

function longer(line: DrawnLine | undefined, x: number, y: number, error: number | null | undefined): DrawnLine {
  const bounded = line ? line.low !== null : error !== undefined;
  const half = 1.96 * (error ?? 0);
  return {
    x: [...(line?.x ?? []), x],
    y: [...(line?.y ?? []), y],
    low: bounded ? [...(line?.low ?? []), y - half] : null,
    high: bounded ? [...(line?.high ?? []), y + half] : null,
    smooth: null,
    min: null,
    max: null,
  };
}

/** The run, its curves and samples, live over server-sent events, with polling where the stream breaks. */
export function useLiveRun(id: string) {
  const client = useQueryClient();
  const run = useQuery(runQuery(id));
  const streamed = useRef<Point[]>([]); // since the curves were fetched
  const curves = useQuery({
    ...curvesQuery(id),
    queryFn: async () => {
      const fetched = await fetchCurves(id);
      streamed.current = streamed.current.filter(({ seq }) => seq > fetched.seq);
      return addPoints(fetched, streamed.current); // what came while the answer was under way is not lost with the older curves
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const samples = useQuery(samplesQuery(id));

  useEffect(() => {
    const { queryKey } = curvesQuery(id);
    const again = () => client.invalidateQueries({ queryKey, exact: true });
    const stream = new EventSource(`/api/runs/${id}/events?after=${client.getQueryData(queryKey)?.seq ?? 0}`);
    stream.addEventListener("points", (event) => {
      const points = read(z.array(point), event);
      if (!points) return void again();
      streamed.current.push(...points);
      const now = client.setQueryData(queryKey, (old) => old && addPoints(old, points));
      if (now && now.added > mostAdded) void again();
      if (points.some(({ values }) => values["on_policy/length"] !== undefined)) void refetchSamples(client, id);
    });
    stream.addEventListener("missed", () => {
      streamed.current = []; // some may have been taken back
      void again();
    });
    stream.addEventListener("run", (event) => {
      const before = client.getQueryData(runQuery(id).queryKey);
      const now = read(runDetail, event);
      if (!now) return void client.invalidateQueries({ queryKey: runQuery(id).queryKey });
      client.setQueryData(runQuery(id).queryKey, now);
      if (!before || hasMovedOn(before, now)) void refetchSamples(client, id);
    });
    // The browser reconnects a broken stream by itself; meanwhile, and where it gives up, polling goes on.
    const poll = setInterval(async () => {
      if (stream.readyState === EventSource.OPEN) return;
      await again();
      await client.invalidateQueries({ queryKey: runQuery(id).queryKey });
    }, pollMs);
    return () => {
      stream.close();
      clearInterval(poll);
    };
  }, [client, id]);

  return { run, curves, samples };
}

/** What an event says; undefined where it is not what this page was made for, as after an update of the server: a request then tells. */
const read = <T>(schema: z.ZodType<T>, event: MessageEvent<string>): T | undefined =>
  schema.safeParse(JSON.parse(event.data)).data;

const refetchSamples = (client: QueryClient, id: string) =>
  client.invalidateQueries({ queryKey: samplesQuery(id).queryKey });

/** Distributions come with notes, checkpoints and the end of a run, not with every step. */
const hasMovedOn = (before: RunDetail, now: RunDetail) =>
  before.status !== now.status || before.note !== now.note || before.checkpoints.length !== now.checkpoints.length;
