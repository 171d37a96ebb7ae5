// What can be done to a dataset as a whole, as requests.
import { z } from "zod";
import { request, send } from "@/app/_client/checked-fetch";

/** A dataset that is annotated, or one that came with labels. */
export interface NamedDataset {
  kind: "annotate" | "labelled";
  id: number;
  name: string;
}

const changed = z.object({ id: z.number() });
const pathOf = ({ kind, id }: NamedDataset) => (kind === "annotate" ? `/api/queues/${id}` : `/api/labelled/${id}`);

/** Where its own pages begin. */
export const pageOf = ({ kind, id }: Pick<NamedDataset, "kind" | "id">): string =>
  kind === "annotate" ? `/datasets/${id}` : `/datasets/labelled/${id}`;

/** All of its rows as a file. */
export const exportOf = ({ kind, id }: Pick<NamedDataset, "kind" | "id">): string =>
  kind === "annotate" ? `/api/queues/${id}/export` : `/api/labelled/${id}/export`;

export const renameDataset = (dataset: NamedDataset, name: string) => send("PATCH", pathOf(dataset), { name }, changed);
export const archiveDataset = (dataset: NamedDataset, archived: boolean) =>
  send("PATCH", pathOf(dataset), { archived }, changed);
export const duplicateDataset = (dataset: NamedDataset) => send("POST", `${pathOf(dataset)}/duplicate`, {}, changed);
/** Of the answers of an annotated dataset, each by itself. */
export const duplicateAsSingle = (id: number) => send("POST", `/api/queues/${id}/duplicate?single=true`, {}, changed);
export const deleteDataset = (dataset: NamedDataset) => request(pathOf(dataset), changed, { method: "DELETE" });
export const restoreDataset = (dataset: NamedDataset) => send("POST", `${pathOf(dataset)}/restore`, {}, changed);
