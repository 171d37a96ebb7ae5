"use client";

import type { UploadState } from "@/lib/datasets/uploads/uploads-schema";
import { sizeWords } from "@/lib/storage/storage-schema";
import { AtWork } from "../../../ui/at-work";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { useHydrated } from "../../../ui/use-hydrated";
import { ImportFields } from "./import-fields";
import { ImportReportView, LabelledReportView } from "./import-report";
import { LabelChoice } from "./label-choice";
import { QuestionChoice } from "./question-choice";
import { Sample } from "./sample";
import { Sources } from "./sources";
import { SplitPicker } from "./split-picker";
import { type Known, useUpload } from "./use-upload";

/** Files, how they are read, and what they are to be: one dataset. */
export function AddData({ known }: { known: Known | null }) {
  const hydrated = useHydrated();
  const upload = useUpload(known);
  const { state, sent, busy, report, error, chooseFiles, chooseSource } = upload;
  const { work, files, count } = state;
  return (
    <div className="grid gap-4">
      <Card title="1 Files">
        <Sources disabled={!hydrated || sent !== null || busy} onFiles={chooseFiles} onSource={chooseSource} />
        {files.length > 0 && <FileList files={files} count={count} />}
        {state.splits.known.length > 1 && (
          <SplitPicker splits={state.splits} disabled={busy || report !== null} onChange={upload.chooseSplit} />
        )}
        {count === 0 && state.splits.known.length > 0 && state.gone && <Problem error={state.gone} />}
      </Card>
      {(sent !== null || busy) && (
        <AtWork
          said={sent ? "Sending the files" : (work?.said ?? "")}
          progress={sent ? sent.bytes / Math.max(1, sent.of) : (work?.progress ?? null)}
          onCancel={upload.cancel}
        />
      )}
      {error && <Problem error={error} />}
      {work?.status === "failed" && <Problem error={work.error} />}
      {work?.status === "stopped" && <p role="status">Cancelled; nothing was imported.</p>}
      {known?.upload === upload.id && !work && count === 0 && sent === null && state.splits.known.length === 0 && (
        <p role="status">
          These files are no longer here: {state.gone ?? "they were imported already, or kept for longer than a day."}
        </p>
      )}
      <Reading upload={upload} />
      {report && "labelled" in report && <LabelledReportView report={report.labelled} />}
      {report && "annotate" in report && <ImportReportView report={report.annotate} />}
      {report && (
        <Button className="justify-self-start" onClick={upload.again}>
          Add more data
        </Button>
      )}
    </div>
  );
}

/** How the files are read, and what they become; nothing before they are there. */
function Reading({ upload }: { upload: ReturnType<typeof useUpload> }) {
  const { state, preview, mapping, as, question, name, starting, busy, change } = upload;
  if (state.count === 0 || !preview.data || upload.report !== null) return null;
  const { holds, part, good, mapping: known } = preview.data;
  return (
    <>
      <Card title="2 How to read it">
        <Sample
          preview={preview.data}
          files={state.count}
          mapping={mapping ?? known}
          onMapping={(mapping) => change({ mapping })}
        />
      </Card>
      <Card title="3 What it is">
        <LabelChoice as={as} holds={holds} onChange={(as) => change({ as })} />
        {as !== "labelled" && question && (
          <QuestionChoice question={question} holds={holds} onChange={(question) => change({ question })} />
        )}
        <ImportFields
          name={name}
          disabled={preview.isFetching || starting || busy || (!part && good === 0)}
          onName={(typed) => change({ typed })}
          onImport={upload.start}
        />
      </Card>
    </>
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
