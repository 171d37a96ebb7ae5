"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ListTodo } from "lucide-react";
import type { Route } from "next";
import { usePathname } from "next/navigation";
import { Popover } from "radix-ui";
import { useEffect, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { type Job, job as jobSchema } from "@/lib/jobs/job-schema";
import { runDetail } from "@/lib/runs/run-schema";
import { jobsQuery } from "../_client/queries";
import { useTranslate } from "../_messages/use-translate";
import { Button, buttonClass } from "../ui/buttons";
import { Progress } from "../ui/cards";
import { duration } from "../ui/format";
import { Link } from "../ui/link";
import { mayHere } from "../ui/may";
import { Status } from "../ui/status";
import { sayError } from "../ui/toast";
import { When } from "../ui/when";
import { NotifySwitch } from "./notify-switch";
import { useJobNews } from "./use-job-news";

const isOpen = ({ status }: Job) => status === "running" || status === "queued";

/** All that is at work, waits or has just ended, from every page. What is listed is researchers'"'"', and in English. */
export function JobsMenu() {
  const t = useTranslate();
  const path = usePathname();
  const [shownOn, setShownOn] = useState<string | null>(null); // another page closes it
  const client = useQueryClient();
  const { data } = useQuery({ ...jobsQuery, enabled: mayHere("read") });
  const jobs = data ?? [];
  useJobNews(data);
  useEffect(() => {
    if (path) void client.invalidateQueries({ queryKey: jobsQuery.queryKey }); // a page may have started one, and led here
  }, [path, client]);
  const open = jobs.filter(isOpen).length;
  return (
    <Popover.Root open={shownOn === path} onOpenChange={(open) => setShownOn(open ? path : null)}>
      <Popover.Trigger
        data-needs="read"
        aria-label={open === 0 ? t("shell.noJobs") : t("shell.someJobs", { open })}
        className="relative flex min-h-9 min-w-9 items-center justify-center gap-2 rounded-md px-2 text-soft hover:bg-raised hover:text-ink"
      >
        <ListTodo size={17} aria-hidden />
        <span className="hidden md:inline">{t("shell.jobs")}</span>
        {open > 0 && (
          <span className="numbers min-w-5 rounded-full bg-accent px-1 text-center text-accent-ink text-xs leading-5">
            {open}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Content
        align="end"
        sideOffset={6}
        collisionPadding={8}
        lang="en"
        dir="ltr"
        aria-label="Jobs"
        className="z-50 flex max-h-(--radix-popover-content-available-height) w-[min(94vw,26rem)] flex-col rounded-md border bg-surface shadow-lg"
      >
        <ul className="min-h-0 flex-1 divide-y overflow-y-auto px-4">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
        {jobs.length === 0 && (
          <p className="p-4 text-soft">
            Nothing is at work. Runs, generation, scoring, data checks, imports and exports are listed here while they
            last, and for an hour after.
          </p>
        )}
        <div className="flex items-center justify-between gap-2 border-t p-2">
          <NotifySwitch />
          <Link href="/runs" className={buttonClass("quiet")}>
            All runs
          </Link>
        </div>
      </Popover.Content>
    </Popover.Root>
  );
}

const kinds: Record<Job["kind"], string> = {
  run: "Run",
  generation: "Generation",
  scoring: "Scoring",
  judging: "Judging",
  "data check": "Data check",
  "data change": "Data change",
  measurement: "Measurement",
  export: "Export",
  import: "Import",
  model: "Model",
  vacuum: "Clearing",
  corpus: "Corpus",
};

function JobRow({ job }: { job: Job }) {
  const { id, kind, title, href, status, said, progress, remainingMs, alerts, startedAt, endedAt, error } = job;
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: async () => {
      if (kind === "run") await send("PATCH", `/api/runs/${id}`, { action: "stop" }, runDetail);
      else await send("PATCH", `/api/jobs/${id}`, { action: "cancel" }, jobSchema);
    },
    onSettled: () => client.invalidateQueries({ queryKey: jobsQuery.queryKey }),
    onError: (problem) => void sayError(problem.message),
  });
  const facts = [
    kinds[kind],
    said,
    remainingMs !== null && `${duration(remainingMs)} left`,
    status === "running" && progress === null && startedAt !== null && `for ${duration(Date.now() - startedAt)}`,
    alerts > 0 && (alerts === 1 ? "1 alert" : `${alerts} alerts`),
  ].filter(Boolean);
  return (
    <li className="py-3">
      <div className="flex items-center justify-between gap-3">
        <Link href={href as Route} className="min-w-0 truncate font-medium hover:underline">
          {title}
        </Link>
        <span className="text-xs">
          <Status run={{ status, stopping: said === "saving…" }} />
        </span>
      </div>
      <div className="mt-1 flex items-center justify-between gap-3">
        <p className="numbers min-w-0 text-soft text-xs">
          {facts.join(" · ")}
          {endedAt !== null && (
            <>
              {" · "}
              <When at={endedAt} />
            </>
          )}
        </p>
        {isOpen(job) && (
          <Button
            data-needs="write"
            kind="quiet"
            className="min-h-7! px-2! py-0! text-xs!"
            disabled={cancel.isPending || said === "saving…"}
            aria-label={`${kind === "run" && status === "running" ? "Stop" : "Cancel"}: ${title}`}
            onClick={() => cancel.mutate()}
          >
            {kind === "run" && status === "running" ? "Stop" : "Cancel"}
          </Button>
        )}
      </div>
      {status === "running" && progress !== null && (
        <div className="mt-1.5">
          <Progress value={progress} label={`${title}: progress`} />
        </div>
      )}
      {error && <p className="mt-1 line-clamp-3 text-bad text-xs">{error}</p>}
    </li>
  );
}
