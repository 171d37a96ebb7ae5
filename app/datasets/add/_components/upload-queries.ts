// What the page that adds data asks for.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request, send } from "@/app/_client/checked-fetch";
import type { ImportForm } from "@/lib/datasets/imports/import-schema";
import {
  type SplitChoice,
  type UploadImport,
  type UploadSource,
  type UploadState,
  uploadPreview,
  uploadState,
} from "@/lib/datasets/uploads/uploads-schema";
import { job } from "@/lib/jobs/job-schema";
import type { Question } from "@/spec/queue-options";
import type { RowMapping } from "@/spec/row-mapping";

const pathOf = (upload: string) => `/api/datasets/uploads/${upload}`;

export const isAtWork = ({ work }: UploadState): boolean => work?.status === "running" || work?.status === "queued";

const nothingSent: UploadState = {
  ...{ title: null, files: [], count: 0, gone: null, work: null },
  splits: { known: [], chosen: null },
};

/** Answers of what sends files are put into it, so it asks by itself only while something goes on. */
export const uploadQuery = (upload: string, known = nothingSent) =>
  queryOptions({
    queryKey: ["upload", upload],
    queryFn: () => request(pathOf(upload), uploadState),
    initialData: known,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state: { data } }) => (data && isAtWork(data) ? 500 : false),
  });

interface Reading {
  mapping: RowMapping | null;
  as: ImportForm | null;
  question: Question | null;
}

export const previewQuery = (upload: string, { mapping, as, question }: Reading) =>
  queryOptions({
    queryKey: ["upload", upload, "preview", mapping, as, question],
    queryFn: () => send("POST", `${pathOf(upload)}/preview`, { mapping, as, question }, uploadPreview),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const nameSource = (upload: string, source: UploadSource) =>
  send("POST", `${pathOf(upload)}/source`, source, uploadState);
export const chooseSplit = (upload: string, split: SplitChoice) =>
  send("PATCH", `${pathOf(upload)}/split`, split, uploadState);
export const startImport = (upload: string, input: UploadImport) =>
  send("POST", `${pathOf(upload)}/import`, input, uploadState);
export const cancelWork = (id: string) => send("PATCH", `/api/jobs/${id}`, { action: "cancel" }, job);
export const giveUp = (upload: string) => request(pathOf(upload), uploadState, { method: "DELETE" });
