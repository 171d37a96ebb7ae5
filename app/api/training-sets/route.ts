import { handle } from "@/lib/http/handle";
import { trainingSets } from "@/lib/runs/training-sets";

export const GET = handle("read", () => Response.json(trainingSets()));
