// What the records browser asks for.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request } from "@/app/_client/checked-fetch";
import {
  type RecordFilter,
  recordDetail,
  recordIds,
  recordPage,
  searchOf,
} from "@/lib/annotation/records/records-schema";

export const recordsQuery = (queueId: number, filter: RecordFilter) => {
  const search = searchOf(filter).toString();
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

export const fetchIds = async (queueId: number, filter: RecordFilter): Promise<number[]> =>
  (await request(`/api/datasets/${queueId}/records/ids?${searchOf(filter)}`, recordIds)).ids;
