"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { request } from "@/app/_client/checked-fetch";
import { type ImportReport, importReport } from "@/lib/annotation/queues/queue-schema";
import { type ImportForm as As, type ImportPreview, importPreview } from "@/lib/datasets/imports/import-schema";
import { type LabelledReport, labelledReport } from "@/lib/datasets/labelled/labelled-schema";
import { Button } from "../../ui/buttons";
import { Card, Problem } from "../../ui/cards";
import { useHydrated } from "../../ui/use-hydrated";
import { type ColumnNames, ImportPreviewView } from "./import-preview";
import { ImportReportView, LabelledReportView } from "./import-report";
import { LabelChoice } from "./label-choice";
import { beginning, canPreview, formatOf } from "./read-file";

type Report = { labelled: LabelledReport } | { annotate: ImportReport };

/** One file, one dataset: a preview, whether it is labelled, then the result. */
export function ImportForm() {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [columns, setColumns] = useState<ColumnNames | null>(null);
  const [wanted, setWanted] = useState<As | null>(null);
  const router = useRouter();
  const client = useQueryClient();
  const hydrated = useHydrated();
  const format = formatOf(file?.name ?? "");
  const preview = useQuery({
    queryKey: ["import-preview", file?.name, file?.size, file?.lastModified, columns, wanted],
    queryFn: async () => {
      const sample = await beginning(file!);
      const search = new URLSearchParams({ format: sample.format, ...columns, ...(wanted && { as: wanted }) });
      search.set("part", sample.part ? "first" : "all");
      return request(`/api/queues/import/preview?${search}`, importPreview, { method: "POST", body: sample.bytes });
    },
    enabled: file !== null && canPreview(file),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const as = wanted ?? preview.data?.as ?? "labelled"; // Import waits for the preview, so that a file is never imported as the wrong type
  const upload = useMutation({
    mutationFn: async (): Promise<Report> => {
      const search = new URLSearchParams({ name, format, ...columns });
      const headers = { "content-type": "application/octet-stream" };
      const sent = { method: "POST", headers, body: file };
      return as === "labelled"
        ? { labelled: await request(`/api/labelled?${search}`, labelledReport, sent) }
        : { annotate: await request(`/api/queues/import?${search}`, importReport, sent) };
    },
    onSuccess: async () => {
      await client.invalidateQueries();
      router.refresh();
    },
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setColumns(null);
    setWanted(null);
    upload.reset();
    if (chosen && name === "") setName(chosen.name.replace(/(\.\w+)+$/, ""));
  };
  return (
    <Card title="Import">
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          upload.mutate();
        }}
      >
        <label className="grid min-w-0 max-w-full gap-1">
          <span className="font-medium">File (.jsonl, .json, .csv, .tsv, .parquet, .arrow, .gz, .zst)</span>
          <input
            type="file"
            disabled={!hydrated}
            accept=".jsonl,.ndjson,.json,.csv,.tsv,.parquet,.arrow,.feather,.gz,.zst"
            className="w-full min-w-0 rounded-md border bg-canvas p-1.5 text-xs file:mr-3 file:rounded file:border-0 file:bg-raised file:px-2 file:py-1 file:text-ink"
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
          />
        </label>
        <label className="grid min-w-0 flex-1 gap-1">
          <span className="font-medium">or paste rows</span>
          <textarea
            rows={2}
            disabled={!hydrated}
            placeholder={'{"prompt": "…", "chosen": "…", "rejected": "…"}'}
            className="min-w-48 rounded-md border bg-canvas px-3 py-2 font-mono text-xs"
            onChange={(event) => {
              const text = event.target.value;
              choose(
                text.trim() === "" ? null : new File([text], /^\s*[[{]/.test(text) ? "pasted.jsonl" : "pasted.csv"),
              );
            }}
          />
        </label>
        <label className="grid gap-1">
          <span className="font-medium">Dataset</span>
          <input
            required
            disabled={!hydrated}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
            className="rounded-md border bg-canvas px-3 py-2"
          />
        </label>
        <Button
          type="submit"
          kind="primary"
          disabled={!file || preview.isFetching || upload.isPending || nothingIn(file, preview.data)}
        >
          <Upload size={15} aria-hidden /> {upload.isPending ? "Importing…" : "Import"}
        </Button>
      </form>
      {file?.size === 0 && <p className="mt-3 text-bad">{file.name} is empty: it has no rows.</p>}
      {file && file.size > 0 && !preview.isLoading && !upload.data && (
        <LabelChoice as={as} holds={preview.data?.holds} onChange={setWanted} />
      )}
      {file && preview.data && !upload.data && (
        <ImportPreviewView preview={preview.data} columns={columns} onColumns={setColumns} />
      )}
      {(upload.error ?? preview.error) && (
        <div className="mt-3">
          <Problem error={upload.error ?? preview.error} />
        </div>
      )}
      {upload.data && "labelled" in upload.data && <LabelledReportView report={upload.data.labelled} />}
      {upload.data && "annotate" in upload.data && <ImportReportView report={upload.data.annotate} />}
    </Card>
  );
}

/** Whether the whole file was checked and no row of it can be imported. */
const nothingIn = (file: File, preview: ImportPreview | undefined): boolean =>
  file.size === 0 || (preview !== undefined && !preview.part && preview.good === 0);
