"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import type { Job } from "@/lib/jobs/job-schema";
import { jobsQuery } from "../_client/queries";
import { buttonClass } from "../ui/buttons";
import { Card, Progress } from "../ui/cards";
import { duration } from "../ui/format";
import { Link } from "../ui/link";
import { useHydrated } from "../ui/use-hydrated";

/** Runs of the queue that are named. */
const named = 3;

/** The run that trains now, and what waits behind it. `children` is its curve as it was when the page was made. */
export function TrainingNow({ initial, children }: { initial: Job[]; children?: ReactNode }) {
  const { data } = useQuery(jobsQuery);
  const hydrated = useHydrated(); // the jobs menu may know newer ones before this does
  const jobs = (hydrated && data) || initial;
  useRefreshOnChange(jobs);
  const runs = jobs.filter(({ kind }) => kind === "run");
  const running = runs.find(({ status }) => status === "running");
  const waiting = runs.filter(({ status }) => status === "queued");
  return (
    <Card title={running ? "Training now" : "Nothing trains"} action={<NewRun />}>
      {running && (
        <>
          <Link href={`/runs/${running.id}`} className="font-medium hover:underline">
            {running.title}
          </Link>
          <div className="mt-2">
            <Progress value={running.progress ?? 0} label={`${running.title}: progress`} />
          </div>
          <p className="numbers mt-1.5 flex flex-wrap justify-between gap-x-4 text-soft">
            <span>{running.said}</span>
            {running.remainingMs !== null && <span>{duration(running.remainingMs)} left</span>}
          </p>
          {children && <div className="mt-2">{children}</div>}
        </>
      )}
      {waiting.length > 0 && (
        <p className="mt-2 text-soft">
          Next:{" "}
          {waiting.slice(0, named).map(({ id, title }, i) => (
            <span key={id}>
              {i > 0 && ", "}
              <Link href={`/runs/${id}`} className="hover:text-ink hover:underline">
                {title}
              </Link>
            </span>
          ))}
          {waiting.length > named && ` and ${waiting.length - named} more`}
        </p>
      )}
      {!running && waiting.length === 0 && <p className="text-soft">No run is at work or queued.</p>}
    </Card>
  );
}

const NewRun = () => (
  <Link href="/runs/new" className={`${buttonClass("quiet")} -mr-3.5`}>
    New run
  </Link>
);

/** The rest of the page is made anew when a run begins, ends or raises an alert. */
function useRefreshOnChange(jobs: Job[]): void {
  const router = useRouter();
  const state = jobs.map(({ id, status, alerts }) => `${id} ${status} ${alerts}`).join();
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    router.refresh();
  }, [state, router]);
}
