"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight, Check } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { newestRunsQuery, queuesQuery, runsAtOnce } from "@/app/_client/queries";
import { DemoButton } from "../runs/_components/demo-button";
import { RunRow } from "../runs/_components/run-row";
import { buttonClass } from "../ui/buttons";
import { Card, Progress } from "../ui/cards";
import { Page, PageHeader } from "../ui/screen";

const firstRecords = 10;

/** Datasets to annotate, the latest runs, and on a first visit the three steps that show the whole loop. */
export function Home() {
  const { data: queues = [] } = useQuery(queuesQuery);
  const { data: runs = [] } = useQuery({ ...newestRunsQuery(runsAtOnce), refetchInterval: 2000 });
  const judged = queues.reduce((sum, queue) => sum + queue.progress.judged, 0);
  const finished = runs.some((run) => run.status === "finished");
  return (
    <Page wide>
      <PageHeader title="Home" about="Annotate answers, train a model on the preferences, and see whether it worked." />
      {!(judged >= firstRecords && finished) && (
        <FirstSteps judged={judged} started={runs.length > 0} finished={finished} />
      )}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="Your datasets">
          <ul className="grid gap-3">
            {queues.map(({ id, name, progress }) => (
              <li key={id} className="flex items-center gap-4">
                <div className="min-w-0 flex-1">
                  <div className="mb-1.5 flex justify-between gap-3">
                    <span className="truncate font-medium">{name}</span>
                    <span className="numbers whitespace-nowrap text-soft">{progress.total - progress.judged} left</span>
                  </div>
                  <Progress value={progress.judged / Math.max(1, progress.total)} label={`${name}: share annotated`} />
                </div>
                <Link href={`/annotate/${id}`} className={buttonClass()}>
                  {progress.judged === 0 ? "Start" : "Continue"}
                </Link>
              </li>
            ))}
          </ul>
          {queues.length === 0 && (
            <p className="text-soft">
              Nothing to annotate yet.{" "}
              <Link className="text-accent underline" href="/datasets">
                Import a file
              </Link>
              .
            </p>
          )}
        </Card>
        <Card
          title="Runs"
          action={
            <Link href="/runs/new" className={buttonClass("quiet")}>
              New run
            </Link>
          }
        >
          {runs.length === 0 ? (
            <div className="py-3">
              <p className="mb-3 text-soft">
                No runs yet. The quick demo trains the tiny model on film reviews with an exact score, on this machine.
              </p>
              <DemoButton />
            </div>
          ) : (
            <ul className="divide-y">
              {runs.slice(0, 5).map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </ul>
          )}
        </Card>
      </div>
    </Page>
  );
}

function FirstSteps({ judged, started, finished }: { judged: number; started: boolean; finished: boolean }) {
  return (
    <ol className="mb-6 grid gap-px overflow-hidden rounded-md border bg-line sm:grid-cols-3">
      <Step
        done={judged >= firstRecords}
        number={1}
        title={`Annotate ${firstRecords} records`}
        action={
          <Link href="/annotate" className={buttonClass(judged >= firstRecords ? "quiet" : "primary")}>
            Annotate <ArrowRight size={15} aria-hidden />
          </Link>
        }
      >
        {Math.min(judged, firstRecords)} of {firstRecords} so far. One key each.
      </Step>
      <Step done={finished} number={2} title="Watch a model learn" action={!started && <DemoButton />}>
        {started ? "See it under Runs." : "DPO on a tiny model, live curves."}
      </Step>
      <Step
        done={false}
        number={3}
        title="Train on your annotations"
        action={
          <Link href="/runs/new" className={buttonClass()}>
            New run
          </Link>
        }
      >
        SmolLM2, 135 M parameters, LoRA.
      </Step>
    </ol>
  );
}

function Step({
  done,
  number,
  title,
  children,
  action,
}: {
  done: boolean;
  number: number;
  title: string;
  children: ReactNode;
  action: ReactNode;
}) {
  return (
    <li className="flex flex-col gap-2 bg-surface p-4">
      <span className="flex items-center gap-2 font-medium">
        <span
          className={`numbers inline-flex size-5 items-center justify-center rounded-full text-xs ${done ? "bg-good text-canvas" : "bg-raised text-soft"}`}
        >
          {done ? <Check size={13} aria-label="done" /> : number}
        </span>
        {title}
      </span>
      <span className="text-soft">{children}</span>
      <span className="mt-auto pt-1">{action}</span>
    </li>
  );
}
