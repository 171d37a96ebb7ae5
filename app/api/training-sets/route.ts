import { handle } from "@/lib/http";
import { trainingSets } from "@/lib/runs/queries";

export const GET = handle(() => Response.json(trainingSets()));
