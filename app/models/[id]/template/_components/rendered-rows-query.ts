import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { send } from "@/app/_client/checked-fetch";
import type { ChosenSet } from "@/lib/runs/chosen-sets";
import { renderedRows } from "@/spec/reports";

/** The first rows of a dataset in a chat template, rendered by a program of its own. */
export const renderedRowsQuery = (source: string, template: string, data: ChosenSet) =>
  queryOptions({
    queryKey: ["models", "rows", source, template, data],
    queryFn: ({ signal }) => send("POST", "/api/models/rows", { source, template, data }, renderedRows, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
