// What the records browser asks for.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request, send } from "@/app/_client/checked-fetch";
import {
  type RecordFilter,
  recordDetail,
  recordIds,
  recordPage,
  savedViews,
  searchOf,
  usualColumns,
  type ViewInput,
} from "@/lib/annotation/records/records-schema";

export const recordsQuery = (queueId: number, filter: RecordFilter) => {
  const search = searchOf({ ...filter, columns: [...usualColumns] }).toString(); // other columns are of the same records
  return infiniteQueryOptions({
    queryKey: ["records", queueId, search],
    queryFn: ({ pageParam }) =>
      request(
        `/api/datasets/${queueId}/records?${search}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`,
        recordPage,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
};

export const recordQuery = (queueId: number, record: number, reveal: boolean) =>
  queryOptions({
    queryKey: ["record", queueId, record, reveal],
    queryFn: () => request(`/api/datasets/${queueId}/records/${record}${reveal ? "?reveal=true" : ""}`, recordDetail),
  });

export const viewsQuery = (queueId: number) =>
  queryOptions({
    queryKey: ["record-views", queueId],
    queryFn: () => request(`/api/datasets/${queueId}/views`, savedViews),
  });
export const saveView = (queueId: number, view: ViewInput) =>
  send("POST", `/api/datasets/${queueId}/views`, view, savedViews);
export const deleteView = (queueId: number, id: number) =>
  request(`/api/datasets/${queueId}/views/${id}`, savedViews, { method: "DELETE" });

export const fetchIds = async (queueId: number, filter: RecordFilter): Promise<number[]> =>
  (await request(`/api/datasets/${queueId}/records/ids?${searchOf(filter)}`, recordIds)).ids;
