"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CopyPlus, Download, GitCompare, MessagesSquare, Play, Square } from "lucide-react";
import Link from "next/link";
import { send } from "@/app/_client/checked-fetch";
import { runQuery } from "@/app/_client/queries";
import { type RunAction, type RunDetail, runDetail } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { Button, buttonClass } from "../../../ui/buttons";
import { Card, Problem, Progress } from "../../../ui/cards";
import { duration } from "../../../ui/format";
import { Page, PageHeader } from "../../../ui/screen";
import { Status } from "../../../ui/status";
import { sayError } from "../../../ui/toast";
import { Alerts } from "./alerts";
import { Charts } from "./charts";
import { Checkpoints } from "./checkpoints";
import { Checks } from "./checks";
import { Distributions } from "./distributions";
import { Lineage } from "./lineage";
import { SampleCompletions } from "./sample-completions";
import { Tiles } from "./tiles";
import { useLiveRun } from "./use-live-run";
import { waitingWords } from "./waiting-words";

export function RunView({ id }: { id: string }) {
  const { run: query, curves, samples } = useLiveRun(id);
  const lines = curves.data?.lines ?? {};
  const run = query.data;
  if (query.error) return <Page>{<Problem error={query.error} />}</Page>;
  if (!run) return null;
  const waits = waitingWords(run);
  return (
    <Page>
      <PageHeader
        title={run.name}
        about={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <Status run={run} />
            <span>
              {methodOf(run.config).label} on <span className="font-mono text-xs">{run.model}</span>
            </span>
            {run.note && run.status === "running" && <span>{run.note}</span>}
            {run.note?.includes("waits for people") && run.status === "running" && (
              <Link href="/annotate" className="underline">
                Annotate them
              </Link>
            )}
          </span>
        }
      >
        <Actions run={run} />
      </PageHeader>
      {run.error && (
        <div className="mb-4">
          <Problem error={run.error} />
        </div>
      )}
      {run.waitsFor.length > 0 && (
        <p className="mb-4 rounded-md border p-3">
          Starts when these have finished:{" "}
          {run.waitsFor.map(({ id, name, status }, i) => (
            <span key={id}>
              {i > 0 && ", "}
              <Link href={`/runs/${id}`} className="underline">
                {name}
              </Link>{" "}
              <span className="text-soft">({status})</span>
            </span>
          ))}
          .
        </p>
      )}
      {waits && (
        <div className="mb-4">
          <Problem error={waits} />
        </div>
      )}
      <div className="mb-5">
        <div className="numbers mb-1.5 flex justify-between gap-4 text-soft">
          <span>
            Step {run.step}
            {run.totalSteps !== null && ` of ${run.totalSteps}`}
          </span>
          <span>{timeWords(run)}</span>
        </div>
        <Progress value={run.step / (run.totalSteps ?? Number.POSITIVE_INFINITY)} label="Run progress" />
      </div>
      <Tiles run={run} lines={lines} />
      <Alerts alerts={run.alerts} />
      <Charts run={run} lines={lines} />
      <Distributions histograms={samples.data?.histograms ?? []} samples={samples.data?.answers ?? []} />
      <div className="mt-4 grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <SampleCompletions id={id} samples={samples.data?.answers ?? []} />
        <div className="grid gap-4">
          <Checks checks={run.checks} />
          <Lineage run={run} />
          <Checkpoints run={run} lines={lines} />
          <Card title="Log">
            <ol
              className="numbers grid max-h-64 gap-1 overflow-y-auto font-mono text-xs"
              tabIndex={0}
              aria-label="Log, newest first"
            >
              {(samples.data?.log ?? []).map(({ at, text }) => (
                <li key={`${at}${text}`} className="flex gap-3">
                  <span className="text-soft">{new Date(at).toLocaleTimeString("en-GB")}</span>
                  <span className="min-w-0 break-words">{text}</span>
                </li>
              ))}
            </ol>
          </Card>
          <Card title="Config">
            <details>
              <summary className="text-soft">The same run from the command line</summary>
              <p className="mt-2 font-mono text-xs">npm run --silent workbench -- train run.json</p>
              <pre className="mt-2 max-h-96 overflow-auto rounded-md bg-raised p-3 font-mono text-xs" tabIndex={0}>
                {JSON.stringify(run.config, null, 2)}
              </pre>
            </details>
          </Card>
        </div>
      </div>
    </Page>
  );
}

function timeWords(run: RunDetail): string {
  if (run.remainingMs !== null) return `${duration(run.remainingMs)} left`;
  if (run.finishedAt !== null && run.startedAt !== null) return `took ${duration(run.finishedAt - run.startedAt)}`;
  return "";
}

function Actions({ run }: { run: RunDetail }) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (action: RunAction) => send("PATCH", `/api/runs/${run.id}`, { action }, runDetail),
    onSuccess: (next) => client.setQueryData(runQuery(run.id).queryKey, next),
    onError: (error) => void sayError(error.message),
  });
  return (
    <>
      {(run.status === "running" || run.status === "queued") && (
        <Button onClick={() => act.mutate("stop")} disabled={act.isPending || run.stopping}>
          <Square size={14} aria-hidden /> {run.status === "queued" ? "Cancel run" : "Stop"}
        </Button>
      )}
      {run.status === "running" && run.stopping && (
        <Button onClick={() => act.mutate("stop-now")} disabled={act.isPending}>
          <Square size={14} aria-hidden /> Stop now
        </Button>
      )}
      {(run.status === "stopped" || run.status === "failed") && (
        <Button kind="primary" onClick={() => act.mutate("resume")} disabled={act.isPending}>
          <Play size={14} aria-hidden /> Resume
        </Button>
      )}
      {run.inputsChanged && (
        <Button onClick={() => act.mutate("resume-changed")} disabled={act.isPending}>
          Resume with the current data
        </Button>
      )}
      {run.origin === null && (
        <Link className={buttonClass()} href={`/runs/new?from=${run.id}`}>
          <CopyPlus size={15} aria-hidden /> Clone
        </Link>
      )}
      <Link className={buttonClass()} href={`/compare?runs=${run.id}`}>
        <GitCompare size={15} aria-hidden /> Compare
      </Link>
      {run.adapter && methodOf(run.config).produces === "policy" && (
        <Link className={buttonClass()} href={`/runs/${run.id}/chat`}>
          <MessagesSquare size={15} aria-hidden /> Chat
        </Link>
      )}
      {run.adapter && <DownloadMenu run={run} />}
    </>
  );
}

/** Merged and GGUF files are made on request, which takes seconds. */
function DownloadMenu({ run }: { run: RunDetail }) {
  const forms = { adapter: "Adapter (PEFT)", merged: "Merged (Hugging Face)", gguf: "GGUF (llama.cpp)" };
  return (
    <details className="relative">
      <summary className={`${buttonClass()} cursor-pointer list-none`}>
        <Download size={15} aria-hidden /> Download
      </summary>
      <ul className="absolute left-0 z-10 sm:right-0 sm:left-auto mt-1 grid w-max gap-1 rounded-md border bg-surface p-1">
        {Object.entries(forms)
          .filter(([form]) => form === "adapter" || methodOf(run.config).produces === "policy")
          .map(([form, label]) => (
            <li key={form}>
              <a
                className="block rounded-md px-3 py-1.5 hover:bg-raised"
                href={`/api/runs/${run.id}/export?form=${form}`}
                download
              >
                {label}
              </a>
            </li>
          ))}
      </ul>
    </details>
  );
}
