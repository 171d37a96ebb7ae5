import type { Job } from "@/lib/jobs/job-schema";

export interface JobNews {
  text: string;
  job: Job;
}

/** What happened between two looks at the jobs: an end, or a new alert. A job that was not there before and has ended was quick. */
export const newsOf = (before: Job[], now: Job[]): JobNews[] =>
  now.flatMap((job) => {
    const was = before.find(({ id }) => id === job.id);
    if (job.endedAt !== null && (!was || was.endedAt === null)) return [{ text: `${job.title}: ${job.status}`, job }];
    if (was && job.alerts > was.alerts) return [{ text: `${job.title}: new alert`, job }];
    return [];
  });
