// What the pages of a labelled dataset ask for.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request, send } from "@/app/_client/checked-fetch";
import { indexState, rowPage } from "@/lib/datasets/labelled/labelled-schema";

export const indexQuery = (id: number) =>
  queryOptions({
    queryKey: ["row-index", id],
    queryFn: () => request(`/api/labelled/${id}/index`, indexState),
    refetchInterval: ({ state: { data } }) => (data && (data.ready || data.error) ? false : 300),
  });
export const indexAgain = (id: number) => send("POST", `/api/labelled/${id}/index`, {}, indexState);

export const rowsQuery = (id: number, q: string) =>
  infiniteQueryOptions({
    queryKey: ["rows", id, q],
    queryFn: ({ pageParam }) =>
      request(`/api/labelled/${id}/rows?${new URLSearchParams({ q, after: String(pageParam) })}`, rowPage),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
