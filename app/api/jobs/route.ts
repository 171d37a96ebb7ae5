import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { job } from "@/lib/jobs/job-schema";
import { jobsAt } from "@/lib/navigation/jobs";

/** Runs and other work that goes on, is queued, or ended in the last hour. */
export const GET = handle("read", { answer: z.array(job) }, () => jobsAt(Date.now()));
