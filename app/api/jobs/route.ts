import { handle } from "@/lib/http/handle";
import { jobsAt } from "@/lib/navigation/jobs";

export const GET = handle("read", () => Response.json(jobsAt(Date.now())));
