// What the pages of a labelled dataset ask for.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request, send } from "@/app/_client/checked-fetch";
import { indexState, rowPage } from "@/lib/datasets/labelled/labelled-schema";
import { checksState } from "@/lib/datasets/labelled/versions/checks-schema";
import { rowDetail } from "@/lib/datasets/labelled/versions/versions-schema";

export const indexQuery = (id: number) =>
  queryOptions({
    queryKey: ["row-index", id],
    queryFn: () => request(`/api/labelled/${id}/index`, indexState),
    refetchInterval: ({ state: { data } }) => (data && (data.ready || data.error) ? false : 300),
  });
export const indexAgain = (id: number) => send("POST", `/api/labelled/${id}/index`, {}, indexState);

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

/** Asked again while the checks run. */
export const checksQuery = (id: number) =>
  queryOptions({
    queryKey: ["labelled-checks", id],
    queryFn: () => request(`/api/labelled/${id}/checks`, checksState),
    refetchInterval: ({ state: { data } }) => (data?.running ? 500 : false),
  });
export const runChecks = (id: number, against: string[]) =>
  send("POST", `/api/labelled/${id}/checks`, { against }, checksState);
