// Says what became of jobs, wherever the reader is, and keeps the progress of a run in its page's title.
import type { Route } from "next";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { Job } from "@/lib/jobs/job-schema";
import { say } from "../ui/toast";
import { newsOf } from "./job-news";
import { notify } from "./notifications";
import { isHere } from "./pages";

export function useJobNews(jobs: Job[] | undefined): void {
  const before = useRef<Job[] | null>(null);
  const router = useRouter();
  useEffect(() => {
    if (!jobs) return;
    for (const { text, job } of before.current ? newsOf(before.current, jobs) : []) {
      const open = () => router.push(job.href as Route);
      void say(text, { label: "Open", act: open });
      notify(text, job.id, open);
    }
    before.current = jobs;
  }, [jobs, router]);
  useProgressInTitle(jobs ?? []);
}

function useProgressInTitle(jobs: Job[]): void {
  const path = usePathname();
  const running = jobs.find(({ kind, status, href }) => kind === "run" && status === "running" && isHere(href, path));
  const percent = running?.progress == null ? null : Math.floor(100 * running.progress);
  useEffect(() => {
    const plain = document.title.replace(/^\(\d+ %\) /, "");
    const title = percent === null ? plain : `(${percent} %) ${plain}`;
    if (document.title !== title) document.title = title;
  });
}
