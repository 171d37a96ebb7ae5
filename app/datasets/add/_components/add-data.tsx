"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { jobsQuery } from "@/app/_client/queries";
import type { ImportForm } from "@/lib/datasets/imports/import-schema";
import type { UploadSource, UploadState } from "@/lib/datasets/uploads/uploads-schema";
import { sizeWords } from "@/lib/storage/storage-schema";
import { usualName } from "@/spec/row-files";
import type { RowMapping } from "@/spec/row-mapping";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { useHydrated } from "../../../ui/use-hydrated";
import { AtWork } from "./at-work";
import { ImportFields } from "./import-fields";
import { ImportReportView, LabelledReportView } from "./import-report";
import { LabelChoice } from "./label-choice";
import { Sample } from "./sample";
import { type ChosenFile, sendFile, wantedFiles } from "./send-files";
import { Sources } from "./sources";
import { cancelWork, giveUp, isAtWork, nameSource, previewQuery, startImport, uploadQuery } from "./upload-queries";

/** Files, how they are read, and what they are to be: one dataset. */
export function AddData() {
  const router = useRouter();
  const client = useQueryClient();
  const hydrated = useHydrated();
  const [upload, setUpload] = useState(() => crypto.randomUUID());
  const [title, setTitle] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? title; // what nobody typed goes by the files
  const [mapping, setMapping] = useState<RowMapping | null>(null);
  const [wanted, setWanted] = useState<ImportForm | null>(null);
  const [sent, setSent] = useState<{ bytes: number; of: number } | null>(null);
  const sending = useRef<AbortController | null>(null); // of the button that cancels
  const { data: state } = useQuery(uploadQuery(upload));
  const { work, files } = state;
  const busy = isAtWork(state);
  const report = work?.report ?? null;
  const preview = useQuery({
    ...previewQuery(upload, mapping, wanted),
    enabled: sent === null && !busy && files.length > 0 && report === null,
  });
  const as = wanted ?? preview.data?.as ?? "labelled"; // Import waits for the preview, so that a file is never imported as the wrong type

  const begin = (named: string) => {
    const id = crypto.randomUUID();
    if (files.length > 0) void giveUp(upload);
    setUpload(id);
    setMapping(null);
    setWanted(null);
    setTitle(named.slice(0, 80));
    start.reset();
    cancel.reset();
    return id;
  };
  const send = useMutation({
    mutationFn: async ({ id, chosen, cancelled }: { id: string; chosen: ChosenFile[]; cancelled: AbortSignal }) => {
      const of = chosen.reduce((sum, { file }) => sum + file.size, 0);
      if (of === 0) throw new Error(`${chosen[0]!.name} is empty: it has no rows.`);
      let bytes = 0;
      for (const one of chosen) {
        const onSent = (loaded: number) => setSent({ bytes: bytes + loaded, of });
        client.setQueryData(uploadQuery(id).queryKey, await sendFile(id, one, { onSent, cancelled }));
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
      if (sent) sending.current?.abort();
      else if (work) await cancelWork(work.job);
    },
    onSettled: () => client.invalidateQueries({ queryKey: uploadQuery(upload).queryKey }),
  });
  useEffect(() => {
    if (report) router.refresh(); // the list of datasets has one more
  }, [report, router]);

  const chooseFiles = (all: ChosenFile[]) => {
    const chosen = wantedFiles(all);
    if (chosen.length === 0) return;
    source.reset();
    setSent({ bytes: 0, of: 1 });
    const controller = new AbortController();
    sending.current = controller;
    send.mutate({ id: begin(usualName(chosen[0]!.name.split("/")[0]!)), chosen, cancelled: controller.signal });
  };
  const chooseSource = (from: UploadSource) => {
    send.reset();
    source.mutate({ id: begin("hub" in from ? from.hub.id : usualName(from.path)), from });
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
            <Sample
              preview={preview.data}
              files={state.count}
              mapping={mapping ?? preview.data.mapping}
              onMapping={setMapping}
            />
          </Card>
          <Card title="3 What it is">
            <LabelChoice as={as} holds={preview.data.holds} onChange={setWanted} />
            <ImportFields
              name={name}
              disabled={
                preview.isFetching || start.isPending || busy || (!preview.data.part && preview.data.good === 0)
              }
              onName={setTyped}
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
            setTyped(null);
            begin("");
          }}
        >
          Add more data
        </Button>
      )}
    </div>
  );
}

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
