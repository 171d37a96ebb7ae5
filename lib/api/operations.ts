// What the command line asks of a workbench on another machine: each operation is the very one that its route is made with.
import { z } from "zod";
import { importReport, queueDto } from "../annotation/queues/queue-schema";
import { importQuery } from "../datasets/imports/import-schema";
import { labelledReport } from "../datasets/labelled/labelled-schema";
import { exportFilter, exportNames, exportPreview } from "../datasets/snapshots/export-filter";
import { splitChoice, uploadImport, uploadSource, uploadState } from "../datasets/uploads/uploads-schema";
import type { Located } from "../http/operation";
import { annotatorDto } from "../people/people-schema";
import { takenQuery } from "../runs/push-schema";
import { launched, launchInput, point, trainingSet } from "../runs/run-schema";

const rows = "Rows in the format that is named.";
const upload = "/api/datasets/uploads/[upload]";

export const operations = {
  me: { method: "GET", path: "/api/me", answer: annotatorDto.nullable() },

  datasets: { method: "GET", path: "/api/queues", answer: z.array(queueDto) },
  importRecords: { method: "POST", path: "/api/queues/import", query: importQuery, file: rows, answer: importReport },
  exportDataset: {
    method: "GET",
    path: "/api/queues/[id]/export",
    query: exportFilter.extend({ rows: z.enum(exportNames).default("pairs") }),
    answer: ["application/x-ndjson", "text/csv", "application/vnd.apache.parquet", "text/markdown", "application/json"],
  },
  previewExport: {
    method: "GET",
    path: "/api/queues/[id]/export/preview",
    query: exportFilter.extend({ rows: z.enum(exportNames).exclude(["items"]).default("pairs") }),
    answer: exportPreview,
  },

  trainingSets: { method: "GET", path: "/api/training-sets", answer: z.array(trainingSet) },
  importLabelled: {
    method: "POST",
    path: "/api/labelled",
    query: importQuery,
    file: rows,
    answer: labelledReport,
    status: 201,
  },
  sendFile: {
    method: "POST",
    path: upload,
    query: z.object({ file: z.string().min(1).max(1000) }),
    file: "One file of the dataset.",
    answer: uploadState,
    status: 201,
  },
  upload: { method: "GET", path: upload, answer: uploadState },
  nameSource: { method: "POST", path: `${upload}/source`, body: uploadSource, answer: uploadState, status: 201 },
  chooseSplit: { method: "PATCH", path: `${upload}/split`, body: splitChoice, answer: uploadState },
  importUpload: { method: "POST", path: `${upload}/import`, body: uploadImport, answer: uploadState, status: 202 },

  launch: { method: "POST", path: "/api/runs", body: launchInput, answer: launched, status: 201 },
  points: { method: "GET", path: "/api/runs/[id]/points", answer: z.array(point.pick({ step: true, values: true })) },
  events: {
    method: "GET",
    path: "/api/runs/[id]/events",
    /** `after`: for who cannot send Last-Event-ID first. */
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    answer: ["text/event-stream"],
  },
  takeModel: {
    method: "GET",
    path: "/api/runs/[id]/export",
    query: takenQuery,
    answer: ["application/octet-stream"],
  },
} as const satisfies Record<string, Located>;
