"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { jobsQuery } from "@/app/_client/queries";
import type { ImportForm } from "@/lib/datasets/imports/import-schema";
import type { UploadSource, UploadState } from "@/lib/datasets/uploads/uploads-schema";
import { sizeWords } from "@/lib/storage/storage-schema";
import type { RowMapping } from "@/spec/row-mapping";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { useHydrated } from "../../../ui/use-hydrated";
import { AtWork } from "./at-work";
import { ImportFields } from "./import-fields";
import { ImportReportView, LabelledReportView } from "./import-report";
import { LabelChoice } from "./label-choice";
import { Sample } from "./sample";
import { type ChosenFile, sendFile } from "./send-files";
import { Sources } from "./sources";
import { cancelWork, giveUp, isAtWork, nameSource, previewQuery, startImport, uploadQuery } from "./upload-queries";

/** Files, how they are read, and what they are to be: one dataset. */
export function AddData() {
  const router = useRouter();
  const client = useQueryClient();
  const hydrated = useHydrated();
  const [upload, setUpload] = useState(() => crypto.randomUUID());
  const [name, setName] = useState("");
  const [mapping, setMapping] = useState<RowMapping | null>(null);
  const [wanted, setWanted] = useState<ImportForm | null>(null);
  const [sent, setSent] = useState<{ bytes: number; of: number } | null>(null);
  const sending = useRef(new AbortController());
  const { data: state } = useQuery(uploadQuery(upload));
  const { work, files } = state;
  const busy = isAtWork(state);
  const report = work?.report ?? null;
  const preview = useQuery({
    ...previewQuery(upload, mapping, wanted),
    enabled: sent === null && !busy && files.length > 0 && report === null,
  });
  const as = wanted ?? preview.data?.as ?? "labelled"; // Import waits for the preview, so that a file is never imported as the wrong type

  const begin = (title: string) => {
    const id = crypto.randomUUID();
    if (files.length > 0) void giveUp(upload);
    sending.current = new AbortController();
    setUpload(id);
    setMapping(null);
    setWanted(null);
    if (name === "") setName(title.slice(0, 80));
    return id;
  };
  const send = useMutation({
    mutationFn: async ({ id, chosen }: { id: string; chosen: ChosenFile[] }) => {
      const of = chosen.reduce((sum, { file }) => sum + file.size, 0);
      if (of === 0) throw new Error(`${chosen[0]!.name} is empty: it has no rows.`);
      let bytes = 0;
      for (const one of chosen) {
        const onSent = (loaded: number) => setSent({ bytes: bytes + loaded, of });
        client.setQueryData(
          uploadQuery(id).queryKey,
          await sendFile(id, one, { onSent, cancelled: sending.current.signal }),
        );
        bytes += one.file.size;
      }
    },
    onError: (_, { id }) => void giveUp(id).then((left) => client.setQueryData(uploadQuery(id).queryKey, left)),
    onSettled: () => setSent(null),
  });
  const source = useMutation({
    mutationFn: ({ id, from }: { id: string; from: UploadSource }) => nameSource(id, from),
    onSuccess: (begun, { id }) => client.setQueryData(uploadQuery(id).queryKey, begun),
  });
  const start = useMutation({
    mutationFn: () => startImport(upload, { name, as, mapping }),
    onSuccess: async (begun) => {
      client.setQueryData(uploadQuery(upload).queryKey, begun);
      await client.invalidateQueries({ queryKey: jobsQuery.queryKey });
    },
  });
  const cancel = useMutation({
    mutationFn: async () => {
      if (sent) sending.current.abort();
      else if (work) await cancelWork(work.job);
    },
    onSettled: () => client.invalidateQueries({ queryKey: uploadQuery(upload).queryKey }),
  });
  useEffect(() => {
    if (report) router.refresh(); // the list of datasets has one more
  }, [report, router]);

  const chooseFiles = (chosen: ChosenFile[]) => {
    if (chosen.length === 0) return;
    source.reset();
    setSent({ bytes: 0, of: 1 });
    send.mutate({ id: begin(titleOf(chosen)), chosen });
  };
  const chooseSource = (from: UploadSource) => {
    send.reset();
    source.mutate({ id: begin("hub" in from ? from.hub.id : titleOfPath(from.path)), from });
  };
  const failed = send.error ?? source.error ?? start.error ?? cancel.error ?? preview.error;
  return (
    <div className="grid gap-4">
      <Card title="1 Files">
        <Sources disabled={!hydrated || sent !== null || busy} onFiles={chooseFiles} onSource={chooseSource} />
        {files.length > 0 && <FileList files={files} count={state.count} />}
      </Card>
      {(sent !== null || busy) && (
        <AtWork
          said={sent ? "Sending the files" : (work?.said ?? "")}
          progress={sent ? sent.bytes / Math.max(1, sent.of) : (work?.progress ?? null)}
          onCancel={() => cancel.mutate()}
        />
      )}
      {failed && <Problem error={failed} />}
      {work?.status === "failed" && <Problem error={work.error} />}
      {work?.status === "stopped" && <p role="status">Cancelled; nothing was imported.</p>}
      {files.length > 0 && preview.data && report === null && (
        <>
          <Card title="2 How to read it">
            <Sample preview={preview.data} files={state.count} onMapping={setMapping} />
          </Card>
          <Card title="3 What it is">
            <LabelChoice as={as} holds={preview.data.holds} onChange={setWanted} />
            <ImportFields
              name={name}
              disabled={
                preview.isFetching || start.isPending || busy || (!preview.data.part && preview.data.good === 0)
              }
              onName={setName}
              onImport={() => start.mutate()}
            />
          </Card>
        </>
      )}
      {report && "labelled" in report && <LabelledReportView report={report.labelled} />}
      {report && "annotate" in report && <ImportReportView report={report.annotate} />}
      {report && (
        <Button
          className="justify-self-start"
          onClick={() => {
            setName("");
            begin("");
          }}
        >
          Add more data
        </Button>
      )}
    </div>
  );
}

/** By the folder, or the first file without its endings. */
const titleOf = ([first]: ChosenFile[]) => titleOfPath(first!.name.split("/")[0]!);
const titleOfPath = (path: string) => (path.split("/").at(-1) || path).replace(/(\.\w+)+$/, "");

function FileList({ files, count }: Pick<UploadState, "files" | "count">) {
  return (
    <ul aria-label="Files" className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {files.map(({ name, bytes }) => (
        <li key={name} className="break-all">
          {name} <span className="numbers text-soft">{sizeWords(bytes)}</span>
        </li>
      ))}
      {count > files.length && <li>and {(count - files.length).toLocaleString("en")} more</li>}
    </ul>
  );
}
