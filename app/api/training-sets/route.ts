import { handle } from "@/lib/http/handle";
import { trainingSets } from "@/lib/runs/run-queries";

export const GET = handle(() => Response.json(trainingSets()));
