"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { request } from "@/lib/fetch";
import type { ImportReport } from "@/lib/queues/schema";
import { Button, buttonClass } from "../ui/buttons";
import { Card, Problem } from "../ui/cards";
import { useHydrated } from "../ui/use-hydrated";

/** One file, one queue. Bad lines come back with their number and reason; the good ones are in. */
export function ImportForm() {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const router = useRouter();
  const client = useQueryClient();
  const hydrated = useHydrated();
  const upload = useMutation({
    mutationFn: () =>
      request<ImportReport>(`/api/queues/import?name=${encodeURIComponent(name)}`, {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: file,
      }),
    onSuccess: async () => {
      await client.invalidateQueries();
      router.refresh();
    },
  });
  const report = upload.data;
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
          <span className="font-medium">File (.jsonl)</span>
          <input
            type="file"
            disabled={!hydrated}
            accept=".jsonl,.ndjson,.json"
            required
            className="w-full min-w-0 rounded-md border bg-canvas p-1.5 text-xs file:mr-3 file:rounded file:border-0 file:bg-raised file:px-2 file:py-1 file:text-ink"
            onChange={(event) => {
              const chosen = event.target.files?.[0] ?? null;
              setFile(chosen);
              if (chosen && name === "") setName(chosen.name.replace(/\.\w+$/, ""));
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
        One object a line: <code className="font-mono">{'{"prompt": …, "answers": ["…", "…"]}'}</code> or TRL's{" "}
        <code className="font-mono">prompt, chosen, rejected</code>.
      </p>
      {upload.error && (
        <div className="mt-3">
          <Problem error={upload.error} />
        </div>
      )}
      {report && (
        <div className="mt-3 rounded-md border p-3" role="status">
          <p>
            {report.added} pairs added to <span className="font-medium">{report.queue}</span>
            {report.duplicates > 0 && `, ${report.duplicates} were there already`}.{" "}
            <Link className={buttonClass("quiet")} href={`/annotate/${report.queueId}`}>
              Rank them
            </Link>
          </p>
          {report.bad.length > 0 && (
            <>
              <p className="mt-2 font-medium text-warn">
                {report.bad.length} {report.bad.length === 1 ? "line" : "lines"} left out
              </p>
              <ul className="numbers mt-1 max-h-56 overflow-y-auto font-mono text-xs">
                {report.bad.map(({ line, reason }) => (
                  <li key={line}>
                    Line {line}: {reason}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </Card>
  );
}
