"use client";

import type { ReactNode } from "react";
import type { RunDetail, RunSamples } from "@/lib/runs/run-schema";
import { methodOf } from "@/spec/methods/all";
import { Problem, Progress } from "../../../ui/cards";
import { EditableText } from "../../../ui/editable-text";
import { duration } from "../../../ui/format";
import { Link } from "../../../ui/link";
import { Page } from "../../../ui/screen";
import { Status } from "../../../ui/status";
import { Tags } from "../../_components/tags";
import { QueuePlace } from "./queue-place";
import { RunActions } from "./run-actions";
import { RunContext } from "./run-context";
import { RunTabs } from "./run-tabs";
import { useChangeRun } from "./use-change-run";
import { useLiveRun } from "./use-live-run";
import { halvingWords, stoppingWords, waitingWords } from "./waiting-words";

const noSamples: RunSamples = { answers: [], histograms: [] };

/** What stands over every tab of a run's page: its name, how far it is, and what can be asked of it. */
export function RunFrame({ id, children }: { id: string; children: ReactNode }) {
  const { run: query, curves, samples } = useLiveRun(id);
  const run = query.data;
  if (query.error) return <Page>{<Problem error={query.error} />}</Page>;
  if (!run) return null;
  return (
    <Page>
      <RunContext value={{ run, lines: curves.data?.lines ?? {}, samples: samples.data ?? noSamples }}>
        <RunHeader run={run} />
        <RunTabs id={id} />
        {children}
      </RunContext>
    </Page>
  );
}

function RunHeader({ run }: { run: RunDetail }) {
  const change = useChangeRun(run.id);
  const waits = waitingWords(run);
  return (
    <header>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <h1 className="min-w-0 max-w-full text-xl leading-tight">
          <EditableText
            value={run.name}
            label="Run name"
            required
            onSave={(name) => change({ name })}
            className="max-w-full"
          />
        </h1>
        <div className="flex flex-wrap items-center gap-2">
          <RunActions run={run} />
        </div>
      </div>
      <p className="mt-3 flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1 text-soft sm:mt-1">
        <Status run={run} />
        <span>
          {methodOf(run.config).label} on <span className="font-mono text-xs">{run.model}</span>
          {run.startedBy !== null && `, started by ${run.startedBy}`}
        </span>
        <Tags tags={run.tags} onChange={(tags) => change({ tags })} />
        <EditableText
          value={run.remark}
          label="Note"
          placeholder="Add a note"
          maxLength={2000}
          onSave={(remark) => change({ remark })}
          className="max-w-96 text-sm"
        />
      </p>
      <p className="mt-1 h-6 truncate text-soft" title={halvingWords(run) ?? run.note ?? ""}>
        {run.status === "running" ? (stoppingWords(run) ?? run.note) : halvingWords(run)}
        {run.note?.includes("waits for people") && run.status === "running" && (
          <Link href="/annotate" className="ml-3 underline">
            Annotate them
          </Link>
        )}
      </p>
      {run.error && (
        <div className="my-2">
          <Problem error={run.error} />
        </div>
      )}
      {run.waitsFor.length > 0 && <WaitsFor run={run} />}
      {waits && (
        <div className="my-2">
          <Problem error={waits} />
        </div>
      )}
      <div className="mt-2 mb-4">
        <div className="numbers mb-1.5 flex justify-between gap-4 text-soft">
          <span>
            Step {run.step}
            {run.totalSteps !== null && ` of ${run.totalSteps}`}
          </span>
          {run.place === null ? <span>{timeWords(run)}</span> : <QueuePlace run={run} place={run.place} />}
        </div>
        <Progress value={run.step / (run.totalSteps ?? Number.POSITIVE_INFINITY)} label="Run progress" />
      </div>
    </header>
  );
}

const WaitsFor = ({ run }: { run: RunDetail }) => (
  <p className="my-2 rounded-md border p-3">
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
);

function timeWords(run: RunDetail): string {
  if (run.stopping) return "";
  if (run.remainingMs !== null) return `${duration(run.remainingMs)} left`;
  if (run.finishedAt !== null && run.startedAt !== null) return `took ${duration(run.finishedAt - run.startedAt)}`;
  return "";
}
