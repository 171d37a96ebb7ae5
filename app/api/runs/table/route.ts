import { handle } from "@/lib/http/handle";
import { runTable } from "@/lib/runs/run-table";

export const GET = handle("read", () => Response.json(runTable()));
