// What the pages ask for: each key lives with its query, so a mutation invalidates by the same name.
import { queryOptions } from "@tanstack/react-query";
import type { DisputeDto } from "../../lib/annotation/judging/judging-schema";
import type { QueueDto } from "../../lib/annotation/queues/queue-schema";
import type { FillState } from "../../lib/generation/fill-schema";
import type { ComparedRun, DrawnLine } from "../../lib/runs/compare/compare-schema";
import type { Curves, RunDetail, RunSamples, RunSummary, TrainingSet } from "../../lib/runs/run-schema";
import type { ModelLook } from "../../spec/reports";
import { request } from "./fetch";

export const queuesQuery = queryOptions({ queryKey: ["queues"], queryFn: () => request<QueueDto[]>("/api/queues") });
export const disputesQuery = (queueId: number) =>
  queryOptions({
    queryKey: ["disputes", queueId],
    queryFn: () => request<DisputeDto[]>(`/api/queues/${queueId}/disputes`),
  });
export const runsQuery = queryOptions({ queryKey: ["runs"], queryFn: () => request<RunSummary[]>("/api/runs") });
/** Runs that a list shows before somebody asks for more. */
export const runsAtOnce = 50;
/** The newest ones, for who need not know of all. */
export const newestRunsQuery = (most: number) =>
  queryOptions({
    queryKey: ["runs", "newest", most],
    queryFn: () => request<RunSummary[]>(`/api/runs?newest=${most}`),
  });
export const runQuery = (id: string) =>
  queryOptions({ queryKey: ["runs", id], queryFn: () => request<RunDetail>(`/api/runs/${id}`) });
export const curvesQuery = (id: string, zoom: { from: number; to: number } | null = null) =>
  queryOptions({
    queryKey: ["curves", id, zoom],
    queryFn: () => request<Curves>(`/api/runs/${id}/curves${zoom ? `?from=${zoom.from}&to=${zoom.to}` : ""}`),
  });
export const samplesQuery = (id: string) =>
  queryOptions({
    queryKey: ["answers", id],
    queryFn: () => request<RunSamples>(`/api/runs/${id}/answers`),
  });
/** The pairs that are being written, or were last; looked at again while they are. */
export const fillQuery = queryOptions({
  queryKey: ["fill"],
  queryFn: () => request<FillState | null>("/api/queues/fill"),
  refetchInterval: ({ state: { data } }) => (data?.running ? 1000 : false),
});
export const trainingSetsQuery = queryOptions({
  queryKey: ["training-sets"],
  queryFn: () => request<TrainingSet[]>("/api/training-sets"),
});
/** A model by name or path, as far as its config tells; an error says what is wrong with it. */
export const modelQuery = (source: string) =>
  queryOptions({
    queryKey: ["models", source],
    queryFn: () => request<ModelLook>(`/api/models?source=${encodeURIComponent(source)}`),
    retry: false,
  });
export const comparedQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ["compare", ids],
    queryFn: () => request<ComparedRun[]>(`/api/compare?runs=${ids.join(",")}`),
    enabled: ids.length > 0,
  });
/** `search` describes the lines as `linesInput` reads them. */
export const linesQuery = (search: string) =>
  queryOptions({
    queryKey: ["lines", search],
    queryFn: () => request<(DrawnLine | null)[]>(`/api/compare/lines?${search}`),
  });
