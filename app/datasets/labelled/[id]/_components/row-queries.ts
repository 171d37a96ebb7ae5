// What the pages of a labelled dataset ask for.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request, send } from "@/app/_client/checked-fetch";
import { rowDetail } from "@/lib/data-checks/changes-schema";
import { indexState, rowPage } from "@/lib/datasets/labelled/labelled-schema";

export const indexQuery = (id: number) =>
  queryOptions({
    queryKey: ["row-index", id],
    queryFn: () => request(`/api/labelled/${id}/index`, indexState),
    refetchInterval: ({ state: { data } }) => (data && (data.ready || data.error) ? false : 300),
  });
export const indexAgain = (id: number) => send("POST", `/api/labelled/${id}/index`, {}, indexState);

/** Of a version, so that a later one asks anew. Asked again while they are made. */
export const statisticsQuery = (id: number, version: number) =>
  queryOptions({
    queryKey: ["row-statistics", id, version],
    queryFn: () => request(`/api/labelled/${id}/statistics`, indexState),
    refetchInterval: ({ state: { data } }) => (data?.said && !data.ready && !data.error ? 300 : false),
  });
export const countAgain = (id: number) => send("POST", `/api/labelled/${id}/statistics`, {}, indexState);

/** `only` limits them to those that are excluded or changed, or that a check found. */
export const rowsQuery = (id: number, q: string, only: string) =>
  infiniteQueryOptions({
    queryKey: ["rows", id, q, only],
    queryFn: ({ pageParam }) =>
      request(`/api/labelled/${id}/rows?${new URLSearchParams({ q, only, after: String(pageParam) })}`, rowPage),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });

export const rowQuery = (id: number, row: number) =>
  queryOptions({
    queryKey: ["labelled-row", id, row],
    queryFn: () => request(`/api/labelled/${id}/rows/${row}`, rowDetail),
  });
