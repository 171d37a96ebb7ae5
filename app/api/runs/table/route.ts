import { z } from "zod";
import { handle } from "@/lib/http/handle";
import { runRow } from "@/lib/runs/run-schema";
import { runTable } from "@/lib/runs/run-table";

/** What the table of runs shows of each. */
export const GET = handle("read", { answer: z.array(runRow) }, () => runTable());
