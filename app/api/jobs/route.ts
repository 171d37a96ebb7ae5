import { handle } from "@/lib/http/handle";
import { jobsAt } from "@/lib/navigation/jobs";

export const GET = handle(() => Response.json(jobsAt(Date.now())));
