// What can be done to a dataset as a whole, as requests.

import { request, send } from "@/app/_client/checked-fetch";
import { datasetId } from "@/lib/datasets/manage/manage-schema";

/** A dataset that is annotated, or one that came with labels. */
export interface NamedDataset {
  kind: "annotate" | "labelled";
  id: number;
  name: string;
}

const pathOf = ({ kind, id }: NamedDataset) => (kind === "annotate" ? `/api/queues/${id}` : `/api/labelled/${id}`);

/** Where its own pages begin. */
export const pageOf = ({ kind, id }: Pick<NamedDataset, "kind" | "id">): string =>
  kind === "annotate" ? `/datasets/${id}` : `/datasets/labelled/${id}`;

/** All of its rows as a file. */
export const exportOf = ({ kind, id }: Pick<NamedDataset, "kind" | "id">): string =>
  kind === "annotate" ? `/api/queues/${id}/export` : `/api/labelled/${id}/export`;

export const renameDataset = (dataset: NamedDataset, name: string) =>
  send("PATCH", pathOf(dataset), { name }, datasetId);
export const archiveDataset = (dataset: NamedDataset, archived: boolean) =>
  send("PATCH", pathOf(dataset), { archived }, datasetId);
export const duplicateDataset = (dataset: NamedDataset) => send("POST", `${pathOf(dataset)}/duplicate`, {}, datasetId);
/** Of the answers of an annotated dataset, each by itself. */
export const duplicateAsSingle = (id: number) => send("POST", `/api/queues/${id}/duplicate?single=true`, {}, datasetId);
export const deleteDataset = (dataset: NamedDataset) => request(pathOf(dataset), datasetId, { method: "DELETE" });
export const restoreDataset = (dataset: NamedDataset) => send("POST", `${pathOf(dataset)}/restore`, {}, datasetId);
