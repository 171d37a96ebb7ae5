// The doctor as a process of its own: on many pairs it takes a while, and nobody else is to wait for it.
import "server-only";
import { workbench } from "../../jobs/workbench";
import type { DataCheckReport } from "./data-checks-schema";

export const runDoctor = async (queueId: number): Promise<DataCheckReport> =>
  JSON.parse(await workbench(["check-data", String(queueId)], { entry: "lib/cli.ts" })) as DataCheckReport;
