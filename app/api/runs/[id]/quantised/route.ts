import { handle } from "@/lib/http/handle";
import { measureQuantised, quantisedOf } from "@/lib/runs/quantised";
import { quantisedReport } from "@/spec/reports";

/** What quantisation does to the run's model; null before it was measured. */
export const GET = handle(
  "read",
  { answer: quantisedReport.nullable() },
  async (_, { params }: RouteContext<"/api/runs/[id]/quantised">) => quantisedOf((await params).id),
);

/** Measures it; the answer is there when the job has ended. */
export const POST = handle(
  "write",
  { answer: quantisedReport },
  async (_, { params }: RouteContext<"/api/runs/[id]/quantised">) => measureQuantised((await params).id),
);
