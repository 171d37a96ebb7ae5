import { z } from "zod";
import { rowsOf } from "@/lib/history/metric-rows";
import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";
import { point } from "@/lib/runs/run-schema";

/** Every row that the run logged. */
export const GET = handle(
  "read",
  { answer: z.array(point.pick({ step: true, values: true })) },
  async (_, { params }: RouteContext<"/api/runs/[id]/points">) => {
    const { id } = requireRun((await params).id);
    return Array.from(rowsOf(id), ({ step, ...values }) => ({ step, values }));
  },
);
