// An endpoint at work on a dataset as a job of the menu: this process asks and stores, and no program is started.
import "server-only";
import { AppError } from "../../../spec/errors";
import { endpointOf } from "../../endpoints/endpoints";
import { asJob, backgroundJobs } from "../../jobs/background";
import { log } from "../../logging/log";
import { judgeQueue } from "./judge-queue";
import type { JudgingState } from "./judges-schema";

interface Dataset {
  id: number;
  name: string;
}

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { judgings?: Map<number, string> };
const jobOn = (queueId: number) => backgroundJobs().find(({ id }) => id === shared.judgings?.get(queueId));

export function judgingOf({ id }: Dataset): JudgingState {
  const job = jobOn(id);
  if (!job) return { running: false, said: "", error: null };
  const error = job.status === "stopped" ? "Cancelled in the jobs menu. The votes so far are kept." : job.error;
  return { running: job.endedAt === null, said: job.said, error };
}

/** Has it judge what it has not judged yet. */
export function startJudging(dataset: Dataset, endpointId: number): JudgingState {
  const endpoint = endpointOf(endpointId);
  if (jobOn(dataset.id)?.endedAt === null)
    throw new AppError(409, `A model judges ${dataset.name} already; wait until it has finished.`);
  shared.judgings ??= new Map();
  const judgings = shared.judgings;
  const about = { title: `${endpoint.name} judges ${dataset.name}`, href: `/datasets/${dataset.id}/people` };
  const work = asJob({ ...about, kind: "judging" }, async (job) => {
    judgings.set(dataset.id, job.id);
    job.begins();
    const { judged, ties, unread } = await judgeQueue(dataset.id, endpoint, { said: job.says, signal: job.cancelled });
    const words = unread === 0 ? "" : `; the answers on ${unread} could not be read`;
    job.says(judged + unread === 0 ? "nothing left to judge" : `${judged} judged, ${ties} of them ties${words}`);
  });
  work.catch((error: unknown) => log().warn({ err: error }, about.title));
  return judgingOf(dataset);
}
