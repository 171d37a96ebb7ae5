// The two kinds of datasets whose rows are checked and changed, and what each is asked.
import { queryOptions } from "@tanstack/react-query";
import { request, send } from "@/app/_client/checked-fetch";
import { type CheckInput, checksState } from "@/lib/data-checks/checks-schema";

export interface CheckedDataset {
  kind: "labelled" | "annotate";
  id: number;
}

export const apiOf = ({ kind, id }: CheckedDataset) => `/api/${kind === "labelled" ? "labelled" : "queues"}/${id}`;
/** What its rows are called, one and several. */
export const nounsOf = ({ kind }: CheckedDataset): [string, string] =>
  kind === "labelled" ? ["row", "rows"] : ["record", "records"];

/** Asked again while the checks run, or many rows are being changed. */
export const checksQuery = (dataset: CheckedDataset) =>
  queryOptions({
    queryKey: ["checks", apiOf(dataset)],
    queryFn: () => request(`${apiOf(dataset)}/checks`, checksState),
    refetchInterval: ({ state: { data } }) => (data?.running || data?.changing ? 500 : false),
  });
export const runChecks = (dataset: CheckedDataset, input: CheckInput) =>
  send("POST", `${apiOf(dataset)}/checks`, input, checksState);
