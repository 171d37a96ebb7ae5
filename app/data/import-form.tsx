"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { request } from "@/lib/fetch";
import type { FileFormat, ImportPreview, ImportReport } from "@/lib/queues/schema";
import { Button } from "../ui/buttons";
import { Card, Problem } from "../ui/cards";
import { useHydrated } from "../ui/use-hydrated";
import { type ColumnNames, ImportPreviewView } from "./import-preview";
import { ImportReportView } from "./import-report";

/** What is sent to see how a file would be read. A Parquet file says that only at its end. */
const sampleBytes = 2 ** 18;
const formatOf = (name: string): FileFormat =>
  (["jsonl.gz", "csv", "parquet"] as const).find((format) => name.toLowerCase().endsWith(`.${format}`)) ?? "jsonl";

/** One file, one queue: how it would be read, then what came of it. */
export function ImportForm() {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [columns, setColumns] = useState<ColumnNames | null>(null);
  const router = useRouter();
  const client = useQueryClient();
  const hydrated = useHydrated();
  const format = formatOf(file?.name ?? "");
  const search = new URLSearchParams({ format, ...columns }).toString();
  const preview = useQuery({
    queryKey: ["import-preview", file?.name, file?.size, file?.lastModified, search],
    queryFn: () =>
      request<ImportPreview>(`/api/queues/import/preview?${search}`, {
        method: "POST",
        body: file!.slice(0, sampleBytes),
      }),
    enabled: file !== null && (format === "jsonl" || format === "csv"),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const upload = useMutation({
    mutationFn: () =>
      request<ImportReport>(`/api/queues/import?name=${encodeURIComponent(name)}&${search}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: file,
      }),
    onSuccess: async () => {
      await client.invalidateQueries();
      router.refresh();
    },
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setColumns(null);
    upload.reset();
    if (chosen && name === "") setName(chosen.name.replace(/(\.\w+)+$/, ""));
  };
  return (
    <Card title="Import pairs">
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          upload.mutate();
        }}
      >
        <label className="grid min-w-0 max-w-full gap-1">
          <span className="font-medium">File (.jsonl, .csv, .parquet)</span>
          <input
            type="file"
            disabled={!hydrated}
            accept=".jsonl,.ndjson,.json,.csv,.parquet,.gz"
            className="w-full min-w-0 rounded-md border bg-canvas p-1.5 text-xs file:mr-3 file:rounded file:border-0 file:bg-raised file:px-2 file:py-1 file:text-ink"
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
          />
        </label>
        <label className="grid min-w-0 flex-1 gap-1">
          <span className="font-medium">or paste rows</span>
          <textarea
            rows={2}
            disabled={!hydrated}
            placeholder={'{"prompt": "…", "answers": ["…", "…"]}'}
            className="min-w-48 rounded-md border bg-canvas px-3 py-2 font-mono text-xs"
            onChange={(event) => {
              const text = event.target.value;
              choose(text.trim() === "" ? null : new File([text], /^\s*\{/.test(text) ? "pasted.jsonl" : "pasted.csv"));
            }}
          />
        </label>
        <label className="grid gap-1">
          <span className="font-medium">Queue</span>
          <input
            required
            disabled={!hydrated}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
            className="rounded-md border bg-canvas px-3 py-2"
          />
        </label>
        <Button type="submit" kind="primary" disabled={!file || upload.isPending}>
          <Upload size={15} aria-hidden /> {upload.isPending ? "Importing…" : "Import"}
        </Button>
      </form>
      <p className="mt-2 text-soft text-xs">
        A row is <code className="font-mono">{'{"prompt": …, "answers": ["…", "…"]}'}</code>, with more answers a
        ranking; TRL's <code className="font-mono">prompt, chosen, rejected</code>; or any two columns that you name.
      </p>
      {file && preview.data && !upload.data && (
        <ImportPreviewView preview={preview.data} columns={columns} onColumns={setColumns} />
      )}
      {(upload.error ?? preview.error) && (
        <div className="mt-3">
          <Problem error={upload.error ?? preview.error} />
        </div>
      )}
      {upload.data && <ImportReportView report={upload.data} />}
    </Card>
  );
}
